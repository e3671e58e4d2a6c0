import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deriveInterface } from '../../../infra/definition/interface/derive.ts';
import type { JsonObject } from '../../../infra/definition/types.ts';
import { loadCatalogue } from '../../../support/run/catalogue.ts';
import { wellBehaved } from './arbitraries.ts';
import { DEFECTS } from './defects.ts';
import { NAMES, proxyRuns } from './proxies.ts';
import type { ProxyShape } from './proxy.ts';
import { stackOf } from './write.ts';

const SOME = fc.sample(wellBehaved, { numRuns: 400, seed: 1 });
const catalogue = loadCatalogue(new URL('../../../features/catalogue.yaml', import.meta.url).pathname);

/** Without CloudFormation's substitutions. */
function documentOf(proxy: ProxyShape): JsonObject {
  const text = JSON.stringify(stackOf(proxy).Resources.Api.Properties.Body);
  return JSON.parse(
    text
      .replaceAll(/\{"Fn::GetAtt":\["\w+","Arn"\]\}/g, '"arn:aws:iam::123456789012:role/proxy"')
      .replaceAll(/\{"Fn::Sub":("(?:[^"\\]|\\.)*")\}/g, (_, sub: string) =>
        sub.replaceAll('${Stream}', 'events').replaceAll('${!', '${'),
      ),
  );
}

test('everything that a well-behaved proxy offers can be derived', () => {
  for (const proxy of SOME.slice(0, 60)) {
    const { calls } = deriveInterface(documentOf(proxy));
    assert.equal(calls.length, proxy.calls.length);
    for (const call of calls)
      assert.deepEqual(
        call.undetermined,
        [],
        `${call.method} ${call.path} of ${JSON.stringify(documentOf(proxy))}`,
      );
  }
});

test('each defect applies to some of the proxies, and changes them', () => {
  for (const defect of DEFECTS) {
    const fit = SOME.filter((proxy) => defect.of(proxy, 0) !== undefined);
    assert.ok(fit.length >= 5, `${defect.name} fits ${fit.length} of ${SOME.length}`);
    const proxy = fit[0] as ProxyShape;
    const defective = defect.of(proxy, 0);
    const copy = stackOf(defective?.proxy ?? proxy);
    defective?.stack?.(copy);
    const isSame = JSON.stringify(copy) === JSON.stringify(stackOf(proxy));
    assert.notEqual(
      isSame,
      defective?.middleware === undefined,
      `${defect.name} does not change the definition`,
    );
  }
});

test('each clause of level production has a defect, and the names of defects are unique', () => {
  const clauses = catalogue.clauses.filter(({ level }) => level === 'production').map(({ id }) => id);
  const broken = new Set(DEFECTS.flatMap((defect) => defect.clauses));
  assert.deepEqual(
    clauses.filter((id) => !broken.has(id)),
    [],
  );
  assert.equal(new Set(NAMES).size, NAMES.length);
});

test('a single run repeats any run of a seed', () => {
  for (const run of proxyRuns(5, 2 ** 31 - 2, undefined))
    assert.deepEqual(proxyRuns(1, run.seed, run.name), [run]);
});
