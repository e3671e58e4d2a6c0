import * as gateway from '@aws-sdk/client-api-gateway';
import { startEmbeddedAws } from '../../../infra/embedded/embedded-aws.ts';
import { type Clients, createClients } from '../../../infra/provision/clients.ts';
import { asTarget } from '../../../infra/targets/embedded.ts';
import { type Vector, type Verdict, verdictOf } from './vector.ts';

/** Successive calls of the control plane, on an API that has only a GET on its root. */
interface SequenceVector extends Vector {
  readonly steps: readonly Step[];
}

interface Step {
  /** `CreateUsagePlan`. */
  readonly call: string;
  /** Further input, besides the API, its root and GET. `<plan.id>` or `<list.items.0.id>` stand for answered values. */
  readonly input?: Json;
  /** The name of the answer in later steps. */
  readonly as?: string;
  /** Of the refusal. */
  readonly name?: string;
  readonly text?: string;
  /** Members of the answer. */
  readonly output?: Json;
  readonly lacks?: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;
type Command = new (input: unknown) => gateway.GetAccountCommand;

export async function inSequence(vectors: readonly SequenceVector[]): Promise<readonly Verdict[]> {
  const aws = await startEmbeddedAws();
  const clients = createClients(asTarget(aws).access);
  try {
    const verdicts: Verdict[] = [];
    for (const vector of vectors) verdicts.push(await tried(vector, clients));
    return verdicts;
  } finally {
    clients.destroy();
    await aws.stop();
  }
}

async function tried(vector: SequenceVector, { apiGateway }: Clients): Promise<Verdict> {
  const api = await apiGateway.send(new gateway.CreateRestApiCommand({ name: 'recorded' }));
  const root = { restApiId: api.id, resourceId: api.rootResourceId, httpMethod: 'GET' };
  await apiGateway.send(new gateway.PutMethodCommand({ ...root, authorizationType: 'none' }));
  const answers: Record<string, unknown> = { api };
  const seen: (readonly [what: string, expected: unknown, actual: unknown])[] = [];
  for (const [index, step] of vector.steps.entries()) {
    const Command = (gateway as unknown as Record<string, Command>)[`${step.call}Command`];
    if (Command === undefined) throw new Error(`the SDK has no call ${step.call}`);
    const { body, ...input } = resolved(step.input ?? {}, answers) as Record<string, unknown>;
    const file = body === undefined ? undefined : Buffer.from(textOf(body));
    const request = { ...root, ...input, ...(file && { body: file }) };
    const answer: Json = await apiGateway
      .send(new Command(request))
      .then((result) => plain({ ...result }))
      .catch((error) => ({ refused: true, name: error.name, message: error.message }));
    if (step.as !== undefined) answers[step.as] = answer;
    const inStep = (what: string) => `${index + 1}. ${step.call}: ${what}`;
    const isRefused = step.name !== undefined || step.text !== undefined;
    seen.push(
      [inStep('refused'), isRefused, answer.refused === true],
      [inStep('name'), step.name, answer.name],
      [inStep('text'), resolved(step.text, answers), answer.message],
    );
    for (const [member, value] of Object.entries(step.output ?? {}))
      seen.push([inStep(member), sorted(resolved(value, answers)), sorted(answer[member])]);
    for (const member of step.lacks ?? []) seen.push([inStep(`${member} exists`), false, member in answer]);
  }
  return verdictOf(vector, seen);
}

const textOf = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));

/** The answer without its metadata and undefined members. */
const plain = ({ $metadata: _, ...rest }: Record<string, unknown>): Json => JSON.parse(JSON.stringify(rest));

function resolved(value: unknown, answers: Json): unknown {
  if (typeof value === 'string') {
    const whole = /^<([\w.]+)>$/.exec(value)?.[1];
    if (whole !== undefined) return at(answers, whole);
    return value.replace(/<([\w.]+)>/g, (_all, path: string) => String(at(answers, path)));
  }
  if (Array.isArray(value)) return value.map((item) => resolved(item, answers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, answers)]));
}

const at = (answers: Json, path: string): unknown =>
  path.split('.').reduce<unknown>((value, member) => (value as Json | undefined)?.[member], answers);

/** The members of an object have no order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
