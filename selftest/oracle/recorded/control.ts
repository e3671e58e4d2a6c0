import {
  GetIntegrationCommand,
  GetMethodCommand,
  GetMethodResponseCommand,
  GetResourceCommand,
  GetResourcesCommand,
  ImportRestApiCommand,
  PutIntegrationCommand,
  PutMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { startEmbeddedAws } from '../../../infra/embedded/embedded-aws.ts';
import { createClients } from '../../../infra/provision/clients.ts';
import { asTarget } from '../../../infra/targets/embedded.ts';
import { type Vector, type Verdict, verdictOf } from './vector.ts';

const COMMANDS = {
  GetIntegration: GetIntegrationCommand,
  GetMethod: GetMethodCommand,
  GetMethodResponse: GetMethodResponseCommand,
  GetResource: GetResourceCommand,
  PutIntegration: PutIntegrationCommand,
} as const;

interface ControlVector extends Vector {
  readonly command: keyof typeof COMMANDS;
  /** Further input, besides the API, the resource and the method. */
  readonly input?: Readonly<Record<string, unknown>>;
  /** The path of the resource; the root by default. */
  readonly place?: string;
  readonly name?: string;
  readonly text?: string;
  /** Members of the answer. */
  readonly output?: Readonly<Record<string, unknown>>;
}

const IMPORTED = {
  openapi: '3.0.1',
  info: { title: 'recorded', version: '1' },
  paths: {
    '/whole': {
      get: {
        parameters: [{ name: 'h', in: 'header', schema: { type: 'string' } }],
        responses: { 200: { description: 'ok' } },
        'x-amazon-apigateway-integration': {
          type: 'aws',
          httpMethod: 'POST',
          uri: 'arn:aws:apigateway:us-east-1:kinesis:action/ListStreams',
          credentials: 'arn:aws:iam::000000000000:role/proxy',
          responses: { default: { statusCode: '200' } },
        },
      },
    },
  },
};

export async function atTheControlPlane(vectors: readonly ControlVector[]): Promise<readonly Verdict[]> {
  const aws = await startEmbeddedAws();
  const clients = createClients(asTarget(aws).access);
  const { apiGateway } = clients;
  try {
    const { id: restApiId } = await apiGateway.send(
      new ImportRestApiCommand({ body: Buffer.from(JSON.stringify(IMPORTED)) }),
    );
    const { items = [] } = await apiGateway.send(new GetResourcesCommand({ restApiId }));
    const resource = (place: string) => items.find((item) => item.path === place)?.id;
    const root = { restApiId, resourceId: resource('/'), httpMethod: 'GET' };
    await apiGateway.send(new PutMethodCommand({ ...root, authorizationType: 'NONE' }));
    const verdicts: Verdict[] = [];
    for (const vector of vectors) {
      const { command, place = '/', input, name, text, output = {} } = vector;
      const Command = COMMANDS[command] as new (input: unknown) => GetIntegrationCommand;
      const request = { ...root, resourceId: resource(place), ...input };
      const answer: { name?: string; message?: string } & Record<string, unknown> = await apiGateway
        .send(new Command(request))
        .then((result) => ({ ...result }))
        .catch((error) => ({ name: error.name, message: error.message }));
      verdicts.push(
        verdictOf(vector, [
          ['name', name, answer.name],
          ['text', text, answer.message],
          ...Object.entries(output).map(([member, value]) => [member, value, answer[member]] as const),
        ]),
      );
    }
    return verdicts;
  } finally {
    clients.destroy();
    await aws.stop();
  }
}
