import { isObject, type Json, type JsonObject } from '../types.ts';
import { type Instance, objectsAt } from './document.ts';
import { isUnknown, type Path, valueAt } from './expressions.ts';
import { blocks, parseJson, type Reading } from './reading.ts';
import type { Wanted } from './references.ts';

/** A policy, or a part of one, is known only after apply. The message completes `its policy ADDRESS.attribute `. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

const DOCUMENT: Wanted = { 'data.aws_iam_policy_document': ['json', 'minified_json'] };
/** The resources whose ARNs a policy's resources and principals may contain. */
const ARNS: Wanted = {
  aws_kinesis_stream: ['arn', 'id'],
  aws_iam_role: ['arn'],
  aws_lambda_function: ['arn'],
};

/** The policy document in an attribute, with the run's names. */
export function policyAt(reading: Reading, instance: Instance, ...path: Path): JsonObject {
  if (!isUnknown(instance, path)) {
    const source = valueAt(instance.values, path);
    if (typeof source !== 'string') throw new Unreadable(`${place(instance, path)} is not set`);
    return reading.names.rewriteAll(parseJson(reading, instance, path, source)) as JsonObject;
  }
  const { candidates } = reading.references.candidates(instance, path, DOCUMENT);
  const [origin] = candidates;
  if (origin && candidates.length === 1) return documentOf(reading, origin.instance);
  throw new Unreadable(`${place(instance, path)} is known only after apply`);
}

/** The policy document that a `data.aws_iam_policy_document` generates. */
function documentOf(reading: Reading, data: Instance, above: ReadonlySet<Instance> = new Set()): JsonObject {
  if (above.has(data)) throw new Unreadable(`${data.address} includes itself`);
  if (!isUnknown(data, ['json']) && typeof data.values.json === 'string')
    return policyAt(reading, data, 'json');
  const inside = new Set([...above, data]);
  const statements = blocks(data, 'statement')
    .map((at) => statement(reading, data, at))
    .filter((each) => each !== undefined);
  const all = [
    ...embedded(reading, data, 'source_policy_documents', inside),
    ...statements,
    ...embedded(reading, data, 'override_policy_documents', inside),
  ];
  return { Version: '2012-10-17', Statement: overridden(all) };
}

/** A later statement replaces an earlier one of the same Sid. */
function overridden(statements: readonly JsonObject[]): JsonObject[] {
  return statements.filter(
    ({ Sid }, at) => Sid === undefined || !statements.slice(at + 1).some((later) => later.Sid === Sid),
  );
}

/** The statements of other documents that a document includes. */
function embedded(
  reading: Reading,
  data: Instance,
  attribute: string,
  above: ReadonlySet<Instance>,
): JsonObject[] {
  const path: Path = [attribute];
  const list = valueAt(data.values, path);
  const documents = (Array.isArray(list) ? list : []).flatMap((source) =>
    typeof source === 'string' ? [parseJson(reading, data, path, source)] : [],
  );
  if (hasUnknown(valueAt(data.unknown, path))) {
    const { candidates } = reading.references.candidates(data, path, DOCUMENT);
    if (candidates.length === 0) throw new Unreadable(`${place(data, path)} is known only after apply`);
    // The list already has the documents that are known.
    for (const { instance } of candidates)
      if (isUnknown(instance, ['json'])) documents.push(documentOf(reading, instance, above));
  }
  return documents.flatMap((document) =>
    isObject(document.Statement) ? [document.Statement] : objectsAt(document, 'Statement'),
  );
}

/** Undefined for a statement without Kinesis actions whose resources are known only after apply. */
function statement(reading: Reading, data: Instance, at: number): JsonObject | undefined {
  const value = (attribute: string) => valueAt(data.values, ['statement', at, attribute]);
  const made: JsonObject = {
    Effect: typeof value('effect') === 'string' ? value('effect') || 'Allow' : 'Allow',
  };
  if (typeof value('sid') === 'string' && value('sid') !== '') made.Sid = value('sid') as string;
  try {
    for (const [key, attribute] of Object.entries({
      Action: 'actions',
      NotAction: 'not_actions',
      Resource: 'resources',
      NotResource: 'not_resources',
    })) {
      const list = elements(reading, data, ['statement', at, attribute]);
      if (list.length > 0) made[key] = list;
    }
    for (const [key, attribute] of Object.entries({
      Principal: 'principals',
      NotPrincipal: 'not_principals',
    })) {
      const found = principals(reading, data, ['statement', at, attribute]);
      if (found !== undefined) made[key] = found;
    }
    const condition = conditions(reading, data, ['statement', at, 'condition']);
    if (condition) made.Condition = condition;
  } catch (error) {
    if (!(error instanceof Unreadable) || concernsKinesis(value('actions'))) throw error;
    reading.assumed.push({
      place: `${data.address}.statement.${at}`,
      reading:
        'left out of the policy: it says nothing of Kinesis, and its resources are known only after apply',
    });
    return undefined;
  }
  return made;
}

function concernsKinesis(actions: Json | undefined): boolean {
  if (!Array.isArray(actions) || actions.length === 0) return true;
  return actions.some((action) => typeof action !== 'string' || /^(kinesis:|\*|kms:|sts:)/i.test(action));
}

/** The strings of a list; those known only after apply are replaced by the ARNs that the configuration refers to. */
export function elements(reading: Reading, instance: Instance, path: Path): string[] {
  const list = valueAt(instance.values, path);
  const marks = valueAt(instance.unknown, path);
  const texts = (Array.isArray(list) ? list : []).filter((each) => typeof each === 'string');
  const known = texts.map((each) => reading.names.rewrite(each));
  if (!isUnknown(instance, path) && !hasUnknown(marks)) return known;
  const { candidates, blocked } = reading.references.candidates(instance, path, ARNS);
  const unknownCount = Array.isArray(marks) ? marks.filter((mark) => mark === true).length : undefined;
  if (candidates.length === 0 || blocked.length > 0)
    throw new Unreadable(`${place(instance, path)} is known only after apply`);
  if (unknownCount !== candidates.length)
    reading.assumed.push({
      place: place(instance, path),
      reading: `read as the ARNs of ${candidates.map((each) => each.instance.address).join(', ')}`,
    });
  return [...known, ...candidates.map((each) => reading.names.textOf(each))];
}

function principals(reading: Reading, data: Instance, path: Path): Json | undefined {
  const found = new Map<string, string[]>();
  for (const at of blocks(data, ...path)) {
    const type = valueAt(data.values, [...path, at, 'type']);
    if (typeof type !== 'string') throw new Unreadable(`${place(data, path)} is known only after apply`);
    const identifiers = elements(reading, data, [...path, at, 'identifiers']);
    if (type === '*' && identifiers.includes('*')) return '*';
    found.set(type, [...(found.get(type) ?? []), ...identifiers]);
  }
  return found.size > 0 ? Object.fromEntries(found) : undefined;
}

function conditions(reading: Reading, data: Instance, path: Path): JsonObject | undefined {
  const found: Record<string, JsonObject> = {};
  for (const at of blocks(data, ...path)) {
    const test = valueAt(data.values, [...path, at, 'test']);
    const variable = valueAt(data.values, [...path, at, 'variable']);
    if (typeof test !== 'string' || typeof variable !== 'string')
      throw new Unreadable(`${place(data, path)} is known only after apply`);
    found[test] = { ...found[test], [variable]: elements(reading, data, [...path, at, 'values']) };
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

function hasUnknown(marks: Json | undefined): boolean {
  if (marks === true) return true;
  if (Array.isArray(marks)) return marks.some(hasUnknown);
  return isObject(marks) && Object.values(marks).some(hasUnknown);
}

const place = (instance: Instance, path: readonly (string | number)[]) =>
  `${instance.address}.${path.join('.')}`;
