import { combine, type Mutant } from '../../changes/change.ts';
import { answer, api, request } from '../../changes/stack.ts';
import { besideGood } from '../../changes/twins.ts';
import { ALL, on } from './row.ts';

/** A defect of one method, beside others that do the same action well. */
export const twins: readonly Mutant[] = [
  ...on(
    ['intake'],
    'twin-with-fixed-key',
    'SAFE-8',
    'One of three methods gives all records one key.',
    besideGood('PutRecord', request('PutRecord', '$context.requestId', 'clicks'), 2),
  ),
  ...on(
    ALL,
    'twin-whose-part-is-200',
    'SAFE-4',
    'One of two methods does not show that a batch was stored only in part.',
    besideGood(
      'PutRecords',
      answer('PutRecords', 'default', '#set($context.responseOverride.status = 207)', ''),
    ),
  ),
  ...on(
    ['hardened'],
    'twin-that-lists-one-page',
    'SAFE-18',
    'One of two methods gives nobody more than the first page of the list.',
    besideGood(
      'ListStreams',
      combine(
        request('ListStreams', "#if($start != '')", '#if(false)'),
        request('ListStreams', "#if($token != '')", '#if(false)'),
      ),
    ),
  ),
  ...on(
    ['hardened'],
    'twin-of-one-shard',
    'SAFE-19',
    'One of two methods creates streams of one shard, whatever the client asks.',
    besideGood(
      'CreateStream',
      request(
        'CreateStream',
        "$!input.path('$.ShardCount')",
        "$!input.path('$.ShardCount').replaceAll('3', '1')",
      ),
    ),
  ),
  ...on(
    ['desk'],
    'twin-with-another-origin',
    'SAFE-15',
    'The preflight of one of two methods allows an origin that its answers do not.',
    besideGood(
      'PutRecord',
      api((body) => {
        for (const item of Object.values(body.paths))
          if (item.options !== undefined)
            item.options = JSON.parse(
              JSON.stringify(item.options).replaceAll('https://desk.example', 'https://other.example'),
            );
      }),
    ),
  ),
];
