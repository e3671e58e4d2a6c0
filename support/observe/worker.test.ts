import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEPLOYMENT_VARIABLE } from '../../infra/provision/deployment.ts';
import { deploymentOf } from './worker.ts';

describe('deploymentOf', () => {
  it('says what is missing and how to get it', () => {
    assert.throws(() => deploymentOf({}), /KPC_DEPLOYMENT is not set.*npm run conformance/);
    assert.throws(() => deploymentOf({ [DEPLOYMENT_VARIABLE]: '{' }), /KPC_DEPLOYMENT holds no JSON/);
  });

  it('reads the deployment', () => {
    assert.equal(deploymentOf({ [DEPLOYMENT_VARIABLE]: '{"prefix": "kpc-1-"}' }).prefix, 'kpc-1-');
  });
});
