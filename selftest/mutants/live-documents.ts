import type { Mutant } from '../changes/change.ts';
import { answerTemplate, inTemplate } from '../changes/definition.ts';

const BODY = "#set($b = $input.path('$'))";

/** Templates that change the live document that `$input` returns, and so what they read later. */
export const liveDocuments: readonly Mutant[] = [
  {
    name: 'live-put-one-stamped',
    why: 'The template overwrites a member of the request before it is stored.',
    clauses: ['PUT-2', 'PUT-3', 'JOURNEY-1'],
    change: inTemplate('put a record', '"Data"', `${BODY}#set($b.Data = "stamped")"Data"`),
  },
  {
    name: 'live-put-one-key-put',
    why: 'The template puts another partition key into the request.',
    clauses: ['PUT-2', 'PUT-4'],
    change: inTemplate(
      'put a record',
      '"Data"',
      `#set($old = $input.path('$').put('PartitionKey', 'ours'))"Data"`,
    ),
  },
  {
    name: 'live-put-one-entry-stamped',
    why: 'The template overwrites a member through the entry of a loop over the request.',
    clauses: ['PUT-2', 'PUT-3', 'JOURNEY-1'],
    change: inTemplate(
      'put a record',
      '"Data"',
      `#foreach($e in $input.path('$').entrySet())#if($e.key == 'Data')#set($e.value = "stamped")#end#end"Data"`,
    ),
  },
  {
    name: 'live-put-many-stamped',
    why: 'The template overwrites each record in a loop before they are stored.',
    clauses: ['PUTS-2', 'PUTS-7', 'JOURNEY-1'],
    change: inTemplate(
      'put records',
      '"Records"',
      `#foreach($r in $input.path('$.records'))#set($r.data = "stamped")#end"Records"`,
    ),
  },
  {
    name: 'live-put-many-first-removed',
    why: 'The template removes the first record through another reference to the list.',
    clauses: ['PUTS-1', 'PUTS-2', 'JOURNEY-1'],
    change: inTemplate(
      'put records',
      '"Records"',
      `#set($all = $input.path('$.records'))#if($all.size() > 1)#set($first = $all.remove(0))#end"Records"`,
    ),
  },
  {
    name: 'live-answer-of-put-stamped',
    why: 'The response template overwrites the sequence number.',
    clauses: ['DEF-9', 'PUT-1', 'PUT-2'],
    change: answerTemplate(
      'put a record',
      `${BODY}#if($b.ShardId)#set($b.SequenceNumber = "1")#end$input.json('$')`,
    ),
  },
  {
    name: 'live-answer-of-reads-stamped',
    why: 'The response template overwrites each record.',
    clauses: ['DEF-9', 'GET-2', 'JOURNEY-1'],
    change: answerTemplate(
      'get records',
      `#foreach($r in $input.path('$.Records'))#set($r.Data = "c3RhbXBlZA==")#end$input.json('$')`,
    ),
  },
];
