/** An answer of Kinesis: HTTP status and body. */
export interface KinesisAnswer {
  readonly status: number;
  readonly body: string;
}

export type Call = (action: string, body: string) => Promise<KinesisAnswer>;

/** One implementation of Kinesis: this project's or another. */
export interface Implementation {
  readonly call: Call;
  stop(): Promise<unknown>;
}

/** The implementations that this project's Kinesis is compared with. */
export type OracleName = 'kinesalite' | 'kinesis-local';

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

/** Calls an action that has to succeed. */
export async function callWell(
  call: Call,
  action: string,
  input: object,
): Promise<Readonly<Record<string, unknown>>> {
  const { status, body } = await call(action, JSON.stringify(input));
  if (status !== 200) throw new Error(`${action} ${JSON.stringify(input)} was answered ${status} ${body}`);
  return body === '' ? {} : (JSON.parse(body) as Record<string, unknown>);
}
