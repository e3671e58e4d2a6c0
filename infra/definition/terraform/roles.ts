import { LENT } from '../left-out.ts';
import type { Declaration, DeclaredRole, JsonObject, UnreadRole } from '../types.ts';
import type { Instance } from './document.ts';
import { type Path, valueAt } from './expressions.ts';
import { policyAt, Unreadable } from './policies.ts';
import { blocks, type Reading } from './reading.ts';
import type { Link, Wanted } from './references.ts';

const ROLE: Wanted = { aws_iam_role: ['id', 'name', 'arn'] };
const POLICY: Wanted = { aws_iam_policy: ['arn', 'id'], 'data.aws_iam_policy': ['arn', 'id'] };
/** AWS's managed policies belong to no account. */
const MANAGED_BY_AWS = /^arn:[\w-]+:iam::aws:policy\//;

type Inline = DeclaredRole['inline'][number];

/**
 * The roles under which methods call Kinesis, with all their policies. A role that cannot be read completely is left
 * out, since the run would judge it with only some of its policies; its trust policy is kept where it is known.
 */
export function declareRoles(
  reading: Reading,
  roles: Iterable<Instance>,
): Pick<Declaration, 'roles' | 'unreadRoles'> {
  const attachments = new Attachments(reading);
  const read: DeclaredRole[] = [];
  const unread: UnreadRole[] = [];
  for (const role of roles) {
    let trust: JsonObject | undefined;
    try {
      trust = policyAt(reading, role, 'assume_role_policy');
      read.push(declareRole(reading, role, attachments, trust));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const why = `${error.message}; to judge the role as well, apply and give terraform show -json of the state`;
      reading.leftOut.push({
        what: LENT,
        place: role.address,
        why,
      });
      unread.push({
        arn: reading.names.arnOf(role),
        why: `${role.address} cannot be read: ${why}`,
        ...(trust && { trust }),
      });
    }
  }
  return { roles: read, unreadRoles: unread };
}

function declareRole(
  reading: Reading,
  role: Instance,
  attachments: Attachments,
  trust: JsonObject,
): DeclaredRole {
  const { names } = reading;
  const attached = attachments.of(role);
  return {
    id: role.address,
    name: names.nameOf(role),
    arn: names.arnOf(role),
    trust,
    inline: unique([...inlineBlocks(reading, role), ...attached.inline]),
    managed: [...new Set(attached.managed)],
    otherServices: [...(reading.otherServices.get(role) ?? [])],
  };
}

function inlineBlocks(reading: Reading, role: Instance): Inline[] {
  return blocks(role, 'inline_policy').flatMap((at) => {
    const path: Path = ['inline_policy', at, 'policy'];
    const name = valueAt(role.values, ['inline_policy', at, 'name']);
    // An empty block means that the role has no inline policies.
    if (typeof name !== 'string' || name === '') return [];
    return [{ name, document: policyAt(reading, role, ...path) }];
  });
}

/** The separate resources that attach policies to roles; each is resolved to its role once. */
class Attachments {
  readonly #reading: Reading;
  readonly #links: readonly { readonly instance: Instance; readonly link: Link }[];

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#links = ['aws_iam_role_policy', 'aws_iam_role_policy_attachment'].flatMap((type) =>
      (reading.file.byType.get(type) ?? []).map((instance) => ({
        instance,
        link: reading.references.link(instance, ['role'], ROLE),
      })),
    );
  }

  /** @throws Unreadable if a policy may be attached, but that is known only after apply. */
  of(role: Instance): { readonly inline: Inline[]; readonly managed: string[] } {
    const inline: Inline[] = [];
    const managed: string[] = [];
    const take = (policy: Inline | string) =>
      typeof policy === 'string' ? managed.push(policy) : inline.push(policy);

    for (const { instance, link } of this.#links) {
      if (!isAttachedTo(link, role, instance)) continue;
      if (instance.type === 'aws_iam_role_policy')
        take({
          name: this.#reading.names.nameOf(instance),
          document: policyAt(this.#reading, instance, 'policy'),
        });
      else take(this.#attached(instance, ['policy_arn']));
    }
    for (const instance of this.#reading.file.byType.get('aws_iam_policy_attachment') ?? [])
      if (this.#listsRole(instance, role)) take(this.#attached(instance, ['policy_arn']));
    const arns = valueAt(role.values, ['managed_policy_arns']);
    // A state's list repeats the policies of attachments.
    for (const at of Array.isArray(arns) ? arns.keys() : [])
      take(this.#attached(role, ['managed_policy_arns', at]));
    if (valueAt(role.unknown, ['managed_policy_arns']) === true && this.#isGiven(role))
      for (const { instance } of this.#reading.references.candidates(role, ['managed_policy_arns'], POLICY)
        .candidates)
        take(this.#policy(instance));
    return { inline, managed };
  }

  /** Whether the role's block sets the attribute, whose value may also be computed. */
  #isGiven(role: Instance): boolean {
    return valueAt(role.config, ['expressions', 'managed_policy_arns']) !== undefined;
  }

  #listsRole(instance: Instance, role: Instance): boolean {
    const { references, names } = this.#reading;
    const listed = valueAt(instance.values, ['roles']);
    if (Array.isArray(listed) && listed.includes(names.nameOf(role))) return true;
    return references
      .candidates(instance, ['roles'], ROLE)
      .candidates.some((origin) => origin.instance === role);
  }

  #attached(instance: Instance, path: Path): Inline | string {
    const link = this.#reading.references.link(instance, path, POLICY);
    if (link.kind === 'origin') return this.#policy(link.origin.instance);
    const arn = link.kind === 'outside' ? this.#reading.names.rewrite(link.value) : '';
    if (MANAGED_BY_AWS.test(arn)) return arn;
    throw new Unreadable(`the policy at ${instance.address}.${path.join('.')} is not in the file`);
  }

  #policy(policy: Instance): Inline {
    return {
      name: this.#reading.names.nameOf(policy),
      document: policyAt(this.#reading, policy, 'policy'),
    };
  }
}

function isAttachedTo(link: Link, role: Instance, instance: Instance): boolean {
  if (link.kind === 'origin') return link.origin.instance === role;
  if (link.kind !== 'unclear') return false;
  const { candidates } = link;
  if (candidates.length > 0 && !candidates.some((origin) => origin.instance === role)) return false;
  throw new Unreadable(`${instance.address}.role ${link.cause.replace(/^it /, '')}`);
}

/** Removes policies that are attached twice, and renames different policies with the same name. */
function unique(policies: readonly Inline[]): Inline[] {
  const found = new Map<string, Inline>();
  for (const policy of policies) {
    const text = textOf(policy.document);
    const same = [...found.values()].some(
      (other) => other.name.startsWith(policy.name) && textOf(other.document) === text,
    );
    if (same) continue;
    let { name } = policy;
    for (let count = 2; found.has(name); count++) name = `${policy.name}-${count}`;
    found.set(name, { name, document: policy.document });
  }
  return [...found.values()];
}

const textOf = (document: JsonObject) => JSON.stringify(document);
