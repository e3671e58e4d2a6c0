@requires:direct-kinesis
Feature: Get a shard iterator
  Reading starts with an iterator: a position in one shard of one stream. The template always asks
  for the oldest record, so a client that wants to start later has to read up to there.

  Background:
    Given a stream that holds the records:
      | data   | partition key | why           |
      | first  | some key      | the 5th shard |
      | second | a             | the 1st shard |
      | third  | some key      | the 5th shard |

  @ITER-1
  Rule: The answer is an iterator
    Scenario: The iterator is a text that is not empty
      When the client asks for an iterator of shard "shardId-000000000004"
      Then the answer is 200 with the fields:
        | field         | kind          |
        | ShardIterator | a filled text |

  @ITER-2
  Rule: It starts at the oldest record of that shard of that stream
    Scenario: Kinesis reads the shard from its first record on
      When the client asks for an iterator of shard "shardId-000000000004"
      Then Kinesis reads exactly "first, third" with it

    Scenario: The stream in the path is read, even if query string or body name another
      Given another stream that holds the records:
        | data    | partition key |
        | foreign | some key      |
      And the client also names the other stream in query string and body
      When the client asks for an iterator of shard "shardId-000000000000"
      Then Kinesis reads exactly "second" with it

  @ITER-3
  Rule: A shard may be named in short
    Scenario Outline: <shard> is the shard with that number
      When the client asks for an iterator of shard "<shard>"
      Then Kinesis reads exactly "<records>" with it

      Examples:
        | shard              | records      | why                        |
        | shard-000000000004 | first, third | the tutorial's own example |
        | shard-000000000000 | second       | another of the same form   |

  @ITER-4
  Rule: Without a shard there is no iterator
    Scenario Outline: The shard "<shard>" gives no iterator
      When the client asks for an iterator of shard "<shard>"
      Then Kinesis refuses the call with <error>
      And the answer has no "ShardIterator"

      Examples:
        | shard                | error                     | why                 |
        | shardId-000000000099 | ResourceNotFoundException | the stream has five |
        |                      | ValidationException       | an empty shard id   |

    Scenario: No shard id at all gives no iterator
      When the client asks for an iterator without naming a shard
      Then Kinesis refuses the call with ValidationException
      And the answer has no "ShardIterator"

    Scenario: An unknown stream gives no iterator
      When the client asks for an iterator of an unknown stream
      Then Kinesis refuses the call with ResourceNotFoundException
      And the answer has no "ShardIterator"

  @ITER-5
  Rule: The client cannot choose another start
    Scenario Outline: The oldest record comes first with <addition>
      Given the client adds <addition>
      When the client asks for an iterator of shard "shardId-000000000004"
      Then Kinesis reads exactly "first, third" with it

      Examples:
        | addition                                     | why             |
        | the query string "ShardIteratorType=LATEST"  | as a parameter  |
        | the body {"ShardIteratorType": "LATEST"}     | as Kinesis does |
        | the body {"ShardId": "shardId-000000000000"} | another shard   |
