import { createHash } from 'node:crypto';
import { isObject, type Json, type ReadContext } from '../types.ts';
import type { Instance, TerraformFile } from './document.ts';
import type { Origin } from './references.ts';

/** The maximum length of role names; names of streams and keys may be longer. */
const MAX_NAME = 64;

/** An ARN: the fields up to the fifth colon, then the rest. */
const ARN = /arn:aws[\w-]*:([\w-]*):([\w*-]*):([\w*-]*):([^\s"'\\,;<>|]*)/g;

/** Replaces the names and ARNs of the account that the file was written for by those of the run. */
export class Names {
  readonly #context: ReadContext;
  readonly #regions: ReadonlySet<string>;
  readonly #accounts: ReadonlySet<string>;
  /** `role/NAME` and `stream/NAME` of declared resources: their ARNs belong to the file whatever the account. */
  readonly #declared: ReadonlySet<string>;

  constructor(file: TerraformFile, context: ReadContext) {
    this.#context = context;
    this.#regions = ownRegions(file);
    this.#accounts = ownAccounts(file);
    this.#declared = new Set(
      [
        ['aws_iam_role', 'role'],
        ['aws_kinesis_stream', 'stream'],
      ].flatMap(([type = '', kind]) =>
        (file.byType.get(type) ?? []).flatMap(({ values }) =>
          typeof values.name === 'string' ? [`${kind}/${values.name}`] : [],
        ),
      ),
    );
  }

  /** Puts the run's partition, region and account into the ARNs that belong to the file. */
  rewrite(text: string): string {
    const { partition, region: ownRegion, accountId } = this.#context;
    return text.replace(ARN, (_, service: string, region: string, account: string, rest: string) => {
      const [kind = '', ...path] = rest.split('/');
      const isOwn = this.#accounts.has(account) || this.#declared.has(`${kind}/${path.at(-1)}`);
      const newAccount = isOwn && /^\d{12}$/.test(account) ? accountId : account;
      const newRegion = this.#regions.has(region) ? ownRegion : region;
      // The ARN of an integration contains the ARN of its Lambda function.
      return `arn:${partition}:${service}:${newRegion}:${newAccount}:${this.rewrite(rest)}`;
    });
  }

  /** Applies `rewrite` to every string of a document, including keys. */
  rewriteAll(value: Json): Json {
    if (typeof value === 'string') return this.rewrite(value);
    if (Array.isArray(value)) return value.map((each) => this.rewriteAll(each));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [this.rewrite(key), this.rewriteAll(each)]),
    );
  }

  /** The name in the file, or one generated from the address. */
  nameOf({ values, address }: Instance, attribute = 'name'): string {
    const value = values[attribute];
    if (typeof value === 'string' && value !== '') return value;
    const name = `${this.#context.stackName}-${address.replace(/\W+/g, '-').replace(/^-|-$/g, '')}`;
    if (name.length <= MAX_NAME) return name;
    const hash = createHash('sha256').update(address).digest('hex').slice(0, 8);
    return `${name.slice(0, MAX_NAME - 9)}-${hash}`;
  }

  arnOf(instance: Instance): string {
    const { partition, region, accountId } = this.#context;
    const arn = (service: string, regionOf: string, rest: string) =>
      `arn:${partition}:${service}:${regionOf}:${accountId}:${rest}`;
    const { path } = instance.values;
    const below = typeof path === 'string' && path !== '' ? path : '/';
    switch (instance.type) {
      case 'aws_iam_role':
        return arn('iam', '', `role${below}${this.nameOf(instance)}`);
      case 'aws_iam_policy':
        return arn('iam', '', `policy${below}${this.nameOf(instance)}`);
      case 'aws_kinesis_stream':
        return arn('kinesis', region, `stream/${this.nameOf(instance)}`);
      case 'aws_cognito_user_pool':
        return arn('cognito-idp', region, `userpool/${region}_${this.nameOf(instance).replace(/\W/g, '')}`);
      default:
        return arn('lambda', region, `function:${this.nameOf(instance, 'function_name')}`);
    }
  }

  /** The URI by which API Gateway invokes a Lambda function. */
  invocationUri(functionArn: string): string {
    const { partition, region } = this.#context;
    return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
  }

  /** The run's value for an attribute that only AWS knows. */
  textOf({ instance, attribute }: Origin): string {
    return attribute.includes('arn') || instance.type !== 'aws_iam_role'
      ? this.arnOf(instance)
      : this.nameOf(instance);
  }
}

function ownRegions(file: TerraformFile): Set<string> {
  const counts = new Map<string, number>();
  const count = (text: unknown) => {
    if (typeof text !== 'string') return;
    for (const [, region = ''] of text.matchAll(/:apigateway:([\w-]+):/g))
      counts.set(region, (counts.get(region) ?? 0) + 1);
  };
  for (const { values } of file.byType.get('aws_api_gateway_integration') ?? []) count(values.uri);
  for (const { values } of file.byType.get('aws_api_gateway_rest_api') ?? []) count(values.body);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  const streams = file.byType.get('aws_kinesis_stream') ?? [];
  const own = [most?.[0], file.providerRegion, ...streams.map(({ values }) => arnPart(values.arn, 3))];
  return new Set(own.flatMap((region) => (region ? [region] : [])));
}

function ownAccounts(file: TerraformFile): Set<string> {
  const accounts = new Set<string>();
  for (const { values } of file.byType.get('data.aws_caller_identity') ?? [])
    if (typeof values.account_id === 'string') accounts.add(values.account_id);
  for (const [type, instances] of file.byType)
    if (!type.startsWith('data.'))
      for (const { values } of instances) {
        const account = arnPart(values.arn, 4);
        if (account && /^\d{12}$/.test(account)) accounts.add(account);
      }
  return accounts;
}

function arnPart(arn: Json | undefined, at: number): string | undefined {
  return typeof arn === 'string' && arn.startsWith('arn:') ? arn.split(':')[at] : undefined;
}
