import fc from 'fast-check';
import type { HttpRequest } from '../../../infra/embedded/http.ts';
import type { Counterexample, OracleOptions } from '../report.ts';
import { CHANGES, type SignatureCase, signatureCase } from './case.ts';
import { changed } from './changes.ts';
import { holdsForAws4, SECRET, signWithAws4, signWithSmithy, verdictOfEmbedded } from './signers.ts';

/** Counter-examples after which a run ends: each was shrunk, and one defect makes many. */
const MOST_COUNTEREXAMPLES = 5;

/**
 * Signs generated requests with aws4 and with the AWS SDK's signer, in a header and in the query, and has each verified
 * by aws4, which signs again, and by the embedded AWS: as signed, and with something changed on the way.
 */
export const signatures = {
  summary: "aws4 and the AWS SDK's signer as signers and verifiers, against the embedded AWS's verification",
  cases: 5_000,
  run: async ({ cases, seed }: OracleOptions) => {
    const count = { cases: 0 };
    const differences: Counterexample[] = [];
    for (let round = 0; count.cases < cases && differences.length < MOST_COUNTEREXAMPLES; round += 1) {
      const found = await search(count, cases - count.cases, seed + round);
      if (found !== undefined) differences.push(found);
    }
    return { cases: count.cases, differences, explained: [] };
  },
};

/** Runs until the cases are through or one differs; then the smallest that still does. */
async function search(
  count: { cases: number },
  cases: number,
  seed: number,
): Promise<Counterexample | undefined> {
  let shrinking = false;
  const property = fc.asyncProperty(signatureCase, async (request) => {
    if (!shrinking) count.cases += 1;
    if ((await difference(request)) === undefined) return true;
    shrinking = true;
    return false;
  });
  const { counterexample } = await fc.check(property, { numRuns: cases, seed });
  const smallest = counterexample?.[0];
  return smallest === undefined || smallest === null ? undefined : difference(smallest);
}

async function difference(request: SignatureCase): Promise<Counterexample | undefined> {
  for (const [signer, signed] of [
    ['aws4', signWithAws4(request)],
    ['the SDK', await signWithSmithy(request)],
  ] as const) {
    const found =
      (await compare(request, signed, `signed by ${signer}`, 'accepted')) ??
      (await compareChanged(request, signed, signer));
    if (found !== undefined) return found;
  }
  return undefined;
}

function compareChanged(request: SignatureCase, signed: HttpRequest, signer: string) {
  const { change } = request;
  const expected = CHANGES[change] === 'harmless' ? 'accepted' : 'refused';
  const what = `signed by ${signer}, then changed: ${change}`;
  const secret = change === 'secret' ? `${SECRET}x` : SECRET;
  return compare(request, changed(signed, change), what, expected, secret);
}

async function compare(
  request: SignatureCase,
  signed: HttpRequest,
  what: string,
  expected: 'accepted' | 'refused',
  secret = SECRET,
): Promise<Counterexample | undefined> {
  const byAws4 = holdsForAws4(signed, request, secret) ? 'accepted' : 'refused';
  const byUs = await verdictOfEmbedded(signed, request, secret);
  if (byAws4 === expected && (byUs === 'accepted') === (expected === 'accepted')) return undefined;
  const { method, target, headers, body } = signed;
  return {
    input: `${what}: ${JSON.stringify({ method, target, headers, body: body.toString() })}`,
    expected: `${expected}; aws4: ${byAws4}`,
    actual: byUs,
  };
}
