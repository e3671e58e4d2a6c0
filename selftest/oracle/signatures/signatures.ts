import fc from 'fast-check';
import type { HttpRequest } from '../../../infra/embedded/http.ts';
import type { Counterexample, Oracle, OracleOptions, OracleReport } from '../report.ts';
import { CHANGES, type SignatureCase, signatureCase } from './case.ts';
import { changed } from './changes.ts';
import { holdsForAws4, SECRET, signWithAws4, signWithSmithy, verdictOfEmbedded } from './signers.ts';

/** The number of counterexamples after which a run ends: each takes time to shrink, and one defect causes many. */
const MAX_COUNTEREXAMPLES = 5;

/**
 * Signs generated requests with aws4 and with the AWS SDK's signer, in a header and in the query, and verifies each
 * with aws4, which signs again, and with the embedded AWS: as signed, and with something changed in transit.
 */
export const signatures: Oracle = {
  summary: "aws4 and the AWS SDK's signer as signers and verifiers, against the embedded AWS's verification",
  cases: 5_000,
  run: (options) => compareSignatures(options, verdictOfEmbedded),
};

type Verdict = typeof verdictOfEmbedded;

/** Signs and verifies generated requests; shrinks each on which not all agree. */
export async function compareSignatures(
  { cases, seed }: OracleOptions,
  verdict: Verdict,
): Promise<OracleReport> {
  const count = { cases: 0 };
  const differences: Counterexample[] = [];
  for (let round = 0; count.cases < cases && differences.length < MAX_COUNTEREXAMPLES; round += 1) {
    const found = await search({ count, verdict }, cases - count.cases, seed + round);
    if (found !== undefined) differences.push(found);
  }
  return { cases: count.cases, differences, explained: [] };
}

/** Runs until all cases are done or one differs. @returns the smallest case that still differs. */
async function search(
  { count, verdict }: { count: { cases: number }; verdict: Verdict },
  cases: number,
  seed: number,
): Promise<Counterexample | undefined> {
  let shrinking = false;
  const property = fc.asyncProperty(signatureCase, async (request) => {
    if (!shrinking) count.cases += 1;
    if ((await difference(request, verdict)) === undefined) return true;
    shrinking = true;
    return false;
  });
  const { counterexample } = await fc.check(property, { numRuns: cases, seed });
  const smallest = counterexample?.[0];
  return smallest === undefined || smallest === null ? undefined : difference(smallest, verdict);
}

async function difference(request: SignatureCase, verdict: Verdict): Promise<Counterexample | undefined> {
  for (const [signer, signed] of [
    ['aws4', signWithAws4(request)],
    ['the SDK', await signWithSmithy(request)],
  ] as const) {
    const found =
      (await compare({ request, signed, verdict, what: `signed by ${signer}`, expected: 'accepted' })) ??
      (await compareChanged({ request, signed, verdict, signer }));
    if (found !== undefined) return found;
  }
  return undefined;
}

function compareChanged(options: {
  request: SignatureCase;
  signed: HttpRequest;
  verdict: Verdict;
  signer: string;
}) {
  const { request, signed, verdict, signer } = options;
  const { change } = request;
  return compare({
    request,
    signed: changed(signed, change),
    verdict,
    what: `signed by ${signer}, then changed: ${change}`,
    expected: CHANGES[change] === 'harmless' ? 'accepted' : 'refused',
    secret: change === 'secret' ? `${SECRET}x` : SECRET,
  });
}

async function compare(options: {
  request: SignatureCase;
  signed: HttpRequest;
  verdict: Verdict;
  what: string;
  expected: 'accepted' | 'refused';
  secret?: string;
}): Promise<Counterexample | undefined> {
  const { request, signed, verdict, what, expected, secret = SECRET } = options;
  const byAws4 = holdsForAws4(signed, request, secret) ? 'accepted' : 'refused';
  const byUs = await verdict(signed, request, secret);
  if (byAws4 === expected && (byUs === 'accepted') === (expected === 'accepted')) return undefined;
  const { method, target, headers, body } = signed;
  return {
    input: `${what}: ${JSON.stringify({ method, target, headers, body: body.toString() })}`,
    expected: `${expected}; aws4: ${byAws4}`,
    actual: byUs,
  };
}
