import fc from 'fast-check';
import type { ErrorShape } from './proxy.ts';

const STATUSES = {
  ResourceNotFoundException: 404,
  ResourceInUseException: 409,
  AccessDeniedException: 403,
  ProvisionedThroughputExceededException: 429,
  LimitExceededException: 429,
};
const OTHERS = [
  'ValidationException',
  'InvalidArgumentException',
  'SerializationException',
  'ExpiredIteratorException',
];

/** The ways to report errors that satisfy SAFE-1 to SAFE-3. */
export const errors: fc.Arbitrary<ErrorShape> = fc
  .record({
    refused: fc.constantFrom('4\\d{2}', '4..', '4\\d\\d', '400', '4.*'),
    failed: fc.constantFrom('5\\d{2}', '5..', '5.*'),
    isDefault: fc.boolean(),
    finding: fc.constantFrom<ErrorShape['finding']>('ifs', 'elseifs', 'map', 'overrides'),
    failure: fc.constantFrom(500, 502, 503),
    body: fc.record({
      around: fc.constantFrom<readonly string[]>([], ['error'], ['errors', '[]']),
      typeName: fc.constantFrom('type', 'code', '__type', 'error_code'),
      type: fc.constantFrom<ErrorShape['body']['type']>('of-kinesis', 'word', 'uri'),
      more: fc
        .subarray([
          ['message', '"The call was not made."'],
          ['requestId', '"$context.requestId"'],
          ['status', '$status'],
          ['at', '"$context.requestTimeEpoch"'],
        ] as const)
        .map((entries) => Object.fromEntries(entries)),
      isPassed: fc.constant(false),
    }),
  })
  .map((raw) => ({
    ...raw,
    statuses: raw.isDefault
      ? { ...STATUSES, ...Object.fromEntries(OTHERS.map((type) => [type, 400])) }
      : STATUSES,
    otherwise: raw.isDefault ? raw.failure : 400,
  }));
