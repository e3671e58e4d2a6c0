import { DefinitionError } from '../errors.ts';
import { textOf } from '../functions.ts';
import { rolesOfAuthorizers, rolesOfKinesis } from '../integrations.ts';
import { LENT, type MethodsLeftOut } from '../left-out.ts';
import { type DeclaredRole, isObject, type Json, type JsonObject, type UnreadRole } from '../types.ts';
import { asObject } from './draft.ts';
import type { Resource, Template } from './template.ts';

type Inline = { readonly name: string; readonly document: JsonObject };

/**
 * The template's roles under which methods call Kinesis, with every policy that the template attaches to them. The run
 * lends the other methods its own role.
 */
export function declaredRoles(
  template: Template,
  openapi: JsonObject,
  left: MethodsLeftOut,
): { readonly roles: DeclaredRole[]; readonly unreadRoles: UnreadRole[] } {
  const used = rolesOfKinesis(openapi);
  for (const arn of rolesOfAuthorizers(openapi)) left.calls('lambda', arn);
  const [roles, unreadRoles]: [DeclaredRole[], UnreadRole[]] = [[], []];
  for (const role of template.ofType('AWS::IAM::Role').filter((one) => used.has(arnOf(template, one)))) {
    const { unknown, ...declared } = declaredRole(template, role, left);
    if (unknown === undefined) {
      roles.push(declared);
      continue;
    }
    const why = `${role.id} has the policy ${unknown}, which the file does not declare; to judge the role as well, declare the policy in the file`;
    left.addPart(LENT, role.place, why);
    unreadRoles.push({ arn: declared.arn, why, trust: declared.trust });
  }
  return { roles, unreadRoles };
}

/** The role's ARN. A role whose name cannot be resolved is not the API's, where the same name would have failed. */
function arnOf(template: Template, role: Resource): string {
  try {
    return String(template.attribute(role.id, 'Arn', role.place));
  } catch (error) {
    if (error instanceof DefinitionError) return 'arn:';
    throw error;
  }
}

/** @returns the role, and one of its policies that the file does not contain, if there is one. */
function declaredRole(
  template: Template,
  role: Resource,
  left: MethodsLeftOut,
): DeclaredRole & { readonly unknown: string | undefined } {
  const name = template.nameOf(role);
  const trust = asObject(template.property(role, 'AssumeRolePolicyDocument'));
  const attached = managedPolicies(template, role);
  if (template.property(role, 'PermissionsBoundary') !== undefined)
    left.addPart(
      `the permissions boundary of the IAM role ${role.id}`,
      `${role.place}.PermissionsBoundary`,
      'the run does not deploy it',
    );
  return {
    id: role.id,
    name,
    arn: arnOf(template, role),
    trust:
      trust ??
      template.resolver.fail(
        `${role.place}.AssumeRolePolicyDocument`,
        'a policy document is needed here; add it',
      ),
    inline: [...ownPolicies(template, role), ...attachedPolicies(template, role, name), ...attached.inline],
    managed: attached.managed,
    unknown: attached.unknown,
    otherServices: left.servicesUnder(arnOf(template, role)),
  };
}

function ownPolicies(template: Template, role: Resource): Inline[] {
  const policies = template.property(role, 'Policies');
  return (Array.isArray(policies) ? policies : []).filter(isObject).map((policy, index) => ({
    name: textOf(policy.PolicyName) ?? `${role.id}${index}`,
    document: documentOf(template, policy.PolicyDocument, `${role.place}.Policies[${index}]`),
  }));
}

function documentOf(template: Template, value: Json | undefined, place: string): JsonObject {
  return (
    asObject(value) ??
    template.resolver.fail(`${place}.PolicyDocument`, 'a policy document is needed here; add it')
  );
}

const policyNames: Readonly<Record<string, string>> = {
  'AWS::IAM::Policy': 'PolicyName',
  'AWS::IAM::RolePolicy': 'PolicyName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
};

function policyOf(template: Template, policy: Resource): Inline {
  const name = template.textProperty(policy, policyNames[policy.type] ?? '') ?? policy.id;
  return { name, document: documentOf(template, template.property(policy, 'PolicyDocument'), policy.place) };
}

/** Policies that refer to the role, rather than the role to them. */
function attachedPolicies(template: Template, role: Resource, name: string): Inline[] {
  return template
    .ofType(...Object.keys(policyNames))
    .filter((policy) => {
      const key = policy.type === 'AWS::IAM::RolePolicy' ? 'RoleName' : 'Roles';
      const raw = policy.properties[key];
      // Skip roles that are not the API's: resolving their names could fail for irrelevant reasons.
      if (!JSON.stringify(raw ?? null).includes(`"${role.id}`) && !JSON.stringify(raw ?? null).includes(name))
        return false;
      const roles = template.property(policy, key);
      return (Array.isArray(roles) ? roles : [roles]).includes(name);
    })
    .map((policy) => policyOf(template, policy));
}

function managedPolicies(template: Template, role: Resource) {
  const arns = template.property(role, 'ManagedPolicyArns');
  const declared = new Map(
    template
      .ofType('AWS::IAM::ManagedPolicy')
      .map((policy) => [template.ref(policy.id, policy.place), policy]),
  );
  const inline: Inline[] = [];
  const managed: string[] = [];
  let unknown: string | undefined;
  for (const arn of (Array.isArray(arns) ? arns : []).map(String)) {
    const policy = declared.get(arn);
    if (policy) inline.push(policyOf(template, policy));
    else if (/^arn:[\w-]+:iam::aws:policy\//.test(arn)) managed.push(arn);
    else unknown = arn;
  }
  return { inline, managed, unknown };
}
