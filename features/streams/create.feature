@requires:direct-kinesis
Feature: Create a stream
  A client creates a stream under the name in the path. How many shards it gets is the client's
  choice; five is what the tutorial's template chooses for a client that does not say.

  @CREATE-1
  Rule: Without a ShardCount a stream gets five shards
    Scenario Outline: Five shards with <body>
      When the client creates a new stream with <body>
      Then the stream has 5 shards

      Examples:
        | body                      | why                          |
        | no body                   | a client with nothing to say |
        | the body {}               | the tutorial's empty payload |
        | the body {"Retention": 7} | a field of no meaning here   |

  @CREATE-2
  Rule: An empty ShardCount counts as none
    Scenario Outline: Five shards with <body>
      When the client creates a new stream with <body>
      Then the stream has 5 shards

      Examples:
        | body                          | why                            |
        | the body {"ShardCount": null} | null is what many clients send |
        | the body {"ShardCount": ""}   | an empty form field            |

  @CREATE-3
  Rule: A given ShardCount is used
    Scenario Outline: ShardCount <count> gives <shards> shards
      When the client creates a new stream with the body {"ShardCount": <count>}
      Then the stream has <shards> shards

      Examples:
        | count | shards | why                                              |
        | 1     | 1      | the smallest                                     |
        | 2     | 2      | fewer than the default                           |
        | 5     | 5      | the tutorial's own request                       |
        | 7     | 7      | more than the default                            |
        | "3"   | 3      | the template inserts a string without its quotes |

  @CREATE-4
  Rule: Success is 200 with no data
    Scenario: The answer to a creation is empty
      When the client creates a new stream with the body {"ShardCount": 1}
      Then the answer is 200 with no data

  @CREATE-5
  Rule: The new stream bears the name in the path and has Kinesis's defaults
    Scenario: The stream becomes usable under its very name
      When the client creates a new stream with the body {"ShardCount": 1}
      Then the stream becomes ACTIVE under the name in the path
      And it is provisioned and keeps its records for 24 hours

  @CREATE-6
  Rule: Five shards divide the hash keys evenly
    Scenario: The shards of the default stream have the tutorial's boundaries
      When the client creates a new stream with the body {}
      Then the stream's shards hold the hash keys:
        | shard                | first                                   | last                                    |
        | shardId-000000000000 | 0                                       | 68056473384187692692674921486353642290  |
        | shardId-000000000001 | 68056473384187692692674921486353642291  | 136112946768375385385349842972707284581 |
        | shardId-000000000002 | 136112946768375385385349842972707284582 | 204169420152563078078024764459060926872 |
        | shardId-000000000003 | 204169420152563078078024764459060926873 | 272225893536750770770699685945414569163 |
        | shardId-000000000004 | 272225893536750770770699685945414569164 | 340282366920938463463374607431768211455 |
