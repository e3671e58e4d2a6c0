import { isObject, type Json } from '../types.ts';
import type { Resource, Template } from './template.ts';

/** Fails if resources refer to each other in a cycle, which AWS would reject. */
export function checkCycles(template: Template): void {
  const done = new Set<string>();
  const open: string[] = [];
  const visit = (id: string): void => {
    const resource = template.resources.get(id);
    if (resource === undefined || done.has(id)) return;
    if (open.includes(id)) {
      const circle = [...open.slice(open.indexOf(id)), id].join(' -> ');
      template.resolver.fail(`Resources.${id}`, `circular reference ${circle}; break the cycle`);
    }
    open.push(id);
    for (const other of references(resource, template)) visit(other);
    open.pop();
    done.add(id);
  };
  for (const id of template.resources.keys()) visit(id);
}

/** SAM makes resources of their own of these events, such as the permission for an API to call a function. */
const WITH_EVENTS: ReadonlySet<unknown> = new Set([
  'AWS::Serverless::Function',
  'AWS::Serverless::StateMachine',
]);

function references({ declaration, properties, place }: Resource, template: Template): Set<string> {
  const found = new Set<string>();
  const { DependsOn: before } = declaration;
  for (const id of Array.isArray(before) ? before : [before]) if (typeof id === 'string') found.add(id);
  const { Events: _, ...others } = properties;
  collect(WITH_EVENTS.has(declaration.Type) ? others : properties, place, template, found);
  return found;
}

/** Follows only the selected branch of `Fn::If`, as AWS does. */
function collect(value: Json | undefined, place: string, template: Template, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, place, template, found);
    return;
  }
  if (!isObject(value)) return;
  if (typeof value.Ref === 'string') found.add(value.Ref);
  const attribute = value['Fn::GetAtt'];
  const [id] =
    typeof attribute === 'string' ? attribute.split('.') : Array.isArray(attribute) ? attribute : [];
  if (typeof id === 'string') found.add(id);
  const sub = value['Fn::Sub'];
  const [text] = Array.isArray(sub) ? sub : [sub];
  if (typeof text === 'string')
    for (const [, name = ''] of text.matchAll(/\$\{([^!}.]+)[^}]*\}/g)) found.add(name);
  const choice = value['Fn::If'];
  if (choice !== undefined) {
    collect(template.resolver.branch(choice, place).value, place, template, found);
    return;
  }
  for (const member of Object.values(value)) collect(member, place, template, found);
}
