import { NotObservable } from '../../infra/errors.ts';
import { expect } from '../expect/expect.ts';
import { type ApiConfiguration, readApi } from '../observe/configuration.ts';
import { type Role, readRole } from '../observe/role.ts';
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

  constructor(world: ProxyWorld) {
    this.#world = world;
  }

  /**
   * Reads the roles under which the judged API calls Kinesis.
   * @throws NotObservable where the definition has a role whose policies it does not contain.
   */
  async readRoles(): Promise<void> {
    const { clients } = this.#world.worker;
    const { definition, prefix } = this.#world.deployment;
    const [unread] = definition.unreadRoles ?? [];
    if (unread !== undefined) throw new NotObservable(unread);
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
      const service = /:apigateway:[^:]*:([\w-]+):/.exec(integration.uri ?? '')?.[1];
      if (name && service) services.set(name, [...(services.get(name) ?? []), service]);
    }
    const roles = new Map<string, Role & { readonly services: readonly string[] }>();
    // Methods whose role the definition does not declare run under one of the run's, which is nobody's mistake.
    const own = [...services].filter(([name]) => name !== `${prefix}full-access`);
    for (const [name, called] of own.length > 0 ? own : services)
      if (called.includes('kinesis'))
        roles.set(name, { ...(await readRole(clients.iam, name)), services: called });
    this.roles = roles;
  }
}
