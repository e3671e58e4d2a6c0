import { Agent, request } from 'undici';
import { messageOf } from '../../../../infra/errors.ts';
import { ACCOUNT, type Implementation, type OracleName, REGION } from './implementation.ts';

/** The timeout of an answer: milliseconds. */
const ANSWER_MILLIS = 10_000;

const SCOPE = `${ACCOUNT}/20200101/${REGION}/kinesis/aws4_request`;
/** Both require a signature and a date, but verify neither (docs/facts/emulators.md#routing-of-kinesis-local). */
const HEADERS = {
  'Content-Type': 'application/x-amz-json-1.1',
  'X-Amz-Date': '20200101T000000Z',
  Authorization: `AWS4-HMAC-SHA256 Credential=${SCOPE}, SignedHeaders=host, Signature=none`,
};

/** Calls a Kinesis that listens on a port of the loopback. */
export function overHttp(name: OracleName, port: number): Implementation {
  const agent = new Agent({ headersTimeout: ANSWER_MILLIS, bodyTimeout: ANSWER_MILLIS });
  return {
    call: async (action, body) => {
      const answer = await request(`http://127.0.0.1:${port}`, {
        dispatcher: agent,
        method: 'POST',
        headers: { ...HEADERS, 'X-Amz-Target': `Kinesis_20131202.${action}` },
        body,
      }).catch((error) => {
        throw new Error(`${name} did not answer ${action} ${body.slice(0, 300)}: ${messageOf(error)}`);
      });
      return { status: answer.statusCode, body: await answer.body.text() };
    },
    stop: () => agent.destroy(),
  };
}
