import type { Mutant } from '../changes/change.ts';
import { document } from '../changes/definition.ts';

type Properties = Record<string, Record<string, unknown>>;

/** The two models. */
export const models: readonly Mutant[] = [
  {
    name: 'model-of-numbers',
    why: 'Data is described as a number, so the tutorial’s own payload is none.',
    clauses: ['DEF-11'],
    change: record((properties) => {
      properties.Data = { type: 'number' };
    }),
  },
  {
    name: 'model-of-any-data',
    why: 'Data may be anything; the model no longer says that it is a string.',
    clauses: ['DEF-11'],
    change: record((properties) => {
      properties.Data = {};
    }),
  },
  {
    name: 'model-with-another-field',
    why: 'The model of one record was written for the payload of many.',
    clauses: ['DEF-11'],
    change: record((properties) => {
      delete properties.PartitionKey;
      properties['partition-key'] = { type: 'string' };
    }),
  },
  {
    name: 'model-demands-more',
    why: 'The model demands a field that the payload does not have.',
    clauses: ['DEF-11'],
    change: document(({ components: { schemas } }) => {
      Object.assign(schemas.PutRecordsMethodRequestPayload ?? {}, { required: ['records', 'stream'] });
    }),
  },
  {
    name: 'model-of-one-in-a-list',
    why: 'The records of the model are one object instead of a list.',
    clauses: ['DEF-11'],
    change: document(({ components: { schemas } }) => {
      const { properties } = schemas.PutRecordsMethodRequestPayload as { properties: Properties };
      properties.records = properties.records?.items as Record<string, unknown>;
    }),
  },
  {
    name: 'model-of-numbered-keys',
    why: 'partition-key is described as an integer in the list of records.',
    clauses: ['DEF-11'],
    change: document(({ components: { schemas } }) => {
      const { properties } = schemas.PutRecordsMethodRequestPayload as { properties: Properties };
      const items = properties.records?.items as { properties: Properties };
      items.properties['partition-key'] = { type: 'integer' };
    }),
  },
];

function record(edit: (properties: Properties) => void) {
  return document(({ components: { schemas } }) => {
    edit((schemas.PutRecordMethodRequestPayload as { properties: Properties }).properties);
  });
}
