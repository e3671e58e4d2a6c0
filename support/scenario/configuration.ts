import { serviceOf } from '../../infra/definition/integrations.ts';
import type { UnreadRole } from '../../infra/definition/types.ts';
import { NotObservable } from '../../infra/errors.ts';
import { expect } from '../expect/expect.ts';
import { type ApiConfiguration, readApi } from '../observe/configuration.ts';
import { type Role, readRole, type Statement, statements } from '../observe/role.ts';
import type { ProxyWorld } from '../world.ts';

/** The deployed API and its roles, as read from API Gateway and IAM. */
export class Configuration {
  readonly #world: ProxyWorld;
  api: ApiConfiguration | undefined;
  /** Two APIs of one definition, one imported and one built resource by resource. */
  builds: readonly ApiConfiguration[] = [];
  /** The schema of a model. */
  schema: unknown;
  role: Role | undefined;
  /** The roles under which the methods of the API call Kinesis, by name. */
  roles: ReadonlyMap<string, Role & { readonly services: readonly string[] }> = new Map();
  #unread: readonly UnreadRole[] = [];

  constructor(world: ProxyWorld) {
    this.#world = world;
  }

  /** Reads the roles under which the judged API calls Kinesis. */
  async readRoles(): Promise<void> {
    const { clients } = this.#world.worker;
    const { definition, prefix } = this.#world.deployment;
    const { unreadRoles = [], otherServices = {} } = definition;
    this.#unread = unreadRoles;
    const { methods } = await readApi(clients.apiGateway, this.#world.restApiId);
    // Any assertion would pass on an empty list of roles.
    const without = methods.filter(
      ({ integration }) => /:kinesis:/.test(integration.uri ?? '') && !integration.credentials,
    );
    expect(
      without.map(({ method, resource }) => `${method} ${resource}`),
      'methods that show no role to run under',
    ).to.deep.equal([]);
    const services = new Map<string, string[]>();
    for (const { integration } of methods) {
      const name = integration.credentials?.split('/').at(-1);
      const service = serviceOf(integration.uri ?? '');
      if (name && service) services.set(name, [...(services.get(name) ?? []), service]);
    }
    const roles = new Map<string, Role & { readonly services: readonly string[] }>();
    // Methods whose role the run does not deploy run under one of its own, which is nobody's mistake.
    const own = [...services].filter(([name]) => name !== `${prefix}full-access`);
    for (const [name, called] of own.length + unreadRoles.length > 0 ? own : services)
      if (called.includes('kinesis'))
        roles.set(name, {
          ...(await readRole(clients.iam, name)),
          services: [...called, ...(otherServices[name] ?? [])],
        });
    this.roles = roles;
  }

  /** The trust policies of the roles, by name, also of those whose other policies are not known. */
  get trusts(): [name: string, trust: readonly Statement[]][] {
    return [
      ...[...this.roles].map(([name, { trust }]): [string, readonly Statement[]] => [name, trust]),
      ...this.#unread.flatMap(({ arn, trust }): [string, readonly Statement[]][] =>
        trust === undefined ? [] : [[arn.split('/').at(-1) ?? arn, statements(JSON.stringify(trust))]],
      ),
    ];
  }

  /** @throws NotObservable where the trust policy of a role is not known. */
  assertTrustsRead(): void {
    this.#assertNone(this.#unread.filter(({ trust }) => trust === undefined));
  }

  /** @throws NotObservable where a policy of a role is not known. */
  assertPoliciesRead(): void {
    this.#assertNone(this.#unread);
  }

  #assertNone([unread]: readonly UnreadRole[]): void {
    if (unread !== undefined) throw new NotObservable(unread.why);
  }
}
