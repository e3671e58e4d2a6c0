import { json } from './wire.ts';

/** The account-wide throttle of API Gateway (docs/facts/gateway.md#limits); it is not enforced. */
export const getAccount = () =>
  json(200, {
    throttleSettings: { burstLimit: 5_000, rateLimit: 10_000 },
    features: ['UsagePlans'],
    apiKeyVersion: '4',
  });
