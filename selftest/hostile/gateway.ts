import { type EmbeddedAws, startEmbeddedAws } from '../../infra/embedded/embedded-aws.ts';

/** One method of an attacked API: a MOCK integration with one request template, and further parts. */
export interface Attacked {
  readonly template?: string;
  /** Model of the body, as JSON schema. */
  readonly schema?: object;
  readonly operation?: object;
  readonly integration?: object;
}

export interface AttackedGateway {
  readonly aws: EmbeddedAws;
  /** The stage's URL, without a slash at its end. */
  readonly url: string;
  readonly restApiId: string;
  /** Calls the control plane as its SDK would. @returns the answer's JSON. */
  control(method: string, path: string, body: string | object): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** A definition with one path `/{name}` with a POST method for each attack. */
export function definitionOf(methods: Readonly<Record<string, Attacked>>, schemas: object = {}): object {
  const paths = Object.entries(methods).map(([name, { template, schema, operation, integration }]) => [
    `/${name}`,
    {
      post: {
        ...(schema && {
          requestBody: {
            content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
          },
          'x-amazon-apigateway-request-validator': 'all',
        }),
        responses: { '200': { description: 'ok' } },
        ...operation,
        'x-amazon-apigateway-integration': {
          type: 'mock',
          passthroughBehavior: 'never',
          requestTemplates: { 'application/json': template ?? '{"statusCode": 200}' },
          responses: { default: { statusCode: '200' } },
          ...integration,
        },
      },
    },
  ]);
  const models = Object.entries(methods).flatMap(([name, { schema }]) => (schema ? [[name, schema]] : []));
  return {
    openapi: '3.0.1',
    info: { title: 'attacked', version: '1' },
    'x-amazon-apigateway-request-validators': {
      all: { validateRequestBody: true, validateRequestParameters: true },
    },
    components: { schemas: { ...Object.fromEntries(models), ...schemas } },
    paths: Object.fromEntries(paths),
  };
}

/** Starts an embedded AWS and deploys a definition on it. */
export async function attackedGateway(definition: object): Promise<AttackedGateway> {
  const aws = await startEmbeddedAws();
  const control = async (method: string, path: string, body: string | object) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(`${aws.endpoint}${path}`, { method, body: text });
    return (await answer.json()) as Record<string, unknown>;
  };
  const api = await control('POST', '/restapis?mode=import', definition);
  if (typeof api.id !== 'string') throw new Error(`the definition was refused: ${JSON.stringify(api)}`);
  await control('POST', `/restapis/${api.id}/deployments`, { stageName: 'x' });
  const url = aws.executeApiUrl.replace('{restApiId}', api.id).replace('{stage}', 'x');
  return { aws, url, restApiId: api.id, control, stop: () => aws.stop() };
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly millis: number;
}

export async function call(gateway: AttackedGateway, name: string, body = '{}'): Promise<Answer> {
  const started = performance.now();
  const answer = await fetch(`${gateway.url}/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  return { status: answer.status, text: await answer.text(), millis: performance.now() - started };
}

export interface Invocation {
  readonly status: number;
  readonly body: string;
  readonly log: string;
}

/** The answer of TestInvokeMethod. */
export async function invocation(gateway: AttackedGateway, name: string, body = '{}'): Promise<Invocation> {
  const { restApiId } = gateway;
  const answer = await fetch(`${gateway.aws.endpoint}/restapis/${restApiId}/resources?limit=500`);
  const { item } = (await answer.json()) as { item: { id: string; path: string }[] };
  const id = item.find(({ path }) => path === `/${name}`)?.id;
  const path = `/restapis/${restApiId}/resources/${id}/methods/POST`;
  const headers = { 'Content-Type': 'application/json' };
  const { status, body: text, log } = await gateway.control('POST', path, { body, headers });
  return { status: Number(status), body: String(text), log: String(log) };
}
