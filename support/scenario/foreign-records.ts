import { NotObservable } from '../../infra/errors.ts';
import { isStoredAs } from '../client/expected-input.ts';
import type { StoredRecord } from '../observe/records.ts';
import { type Attempt, answered } from './offered.ts';

/**
 * The records that the scenario's calls stored in a shared stream: those whose sequence numbers the
 * answers name, and those with the content that a call should store.
 * @throws NotObservable where new records may be other clients', or what the proxy made of the calls.
 */
export function ofTheRun(
  stream: string,
  records: readonly StoredRecord[],
  attempts: readonly Attempt[],
): StoredRecord[] {
  const own = attempts.filter(({ told }) => told.stream === stream);
  const named = new Set(own.flatMap(numbersIn));
  const told = own.flatMap((attempt) => attempt.told.records);
  const isOurs = ({ sequenceNumber, data, partitionKey }: StoredRecord) =>
    named.has(sequenceNumber) ||
    told.some(
      (record) =>
        isStoredAs(record, data.toString('utf8')) &&
        (record.partitionKey === undefined || record.partitionKey === partitionKey),
    );
  const ours = records.filter(isOurs);
  const foreign = records.length - ours.length;
  const stored = own.filter(({ answer }) => answer.succeeded).flatMap((attempt) => attempt.told.records);
  if (foreign > 0 && named.size < stored.length + (stored.length === 0 ? 1 : 0))
    throw new NotObservable(
      `${foreign} records in ${stream} were not put by this run, or were changed by the proxy; judge it while nothing else writes to the stream`,
    );
  return ours;
}

function numbersIn(attempt: Attempt): string[] {
  return ['SequenceNumber', 'Records/*/SequenceNumber']
    .flatMap((member) => answered(attempt, member))
    .map(String);
}
