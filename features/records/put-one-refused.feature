@requires:direct-kinesis
Feature: Single records that Kinesis refuses
  The proxy hands over what it got, so Kinesis is the one to refuse a record. A refused record must
  not be in the stream, and what a template does not read must not count.

  Background:
    Given a stream

  @PUT-7
  Rule: A record needs a partition key of 1 to 256 characters and a stream that is there
    Scenario Outline: A record with <body> is refused
      When the client puts a record into the stream with <body>
      Then Kinesis refuses the call with ValidationException
      And nothing is stored in the stream

      Examples:
        | body                                       | why              |
        | the body {"Data": "x"}                     | no partition key |
        | the body {"Data": "x", "PartitionKey": ""} | an empty one     |

    Scenario: A partition key of 257 characters is refused
      When the client puts data of 10 bytes under a partition key of 257 characters
      Then Kinesis refuses the call with ValidationException
      And nothing is stored in the stream

    Scenario: A record for a stream that is not there is refused
      When the client puts a record into an unknown stream with the body {"Data": "x", "PartitionKey": "k"}
      Then Kinesis refuses the call with ResourceNotFoundException
      And nothing is stored in the stream

  @PUT-8
  Rule: A record holds 1 MiB and no byte more
    Kinesis counts the partition key as well, in some of its documents; neither example depends on it.
    So much fills a shard's share of a second, so it goes into a stream of its own.

    Scenario: Data and partition key of 1 MiB together are stored
      Given a fresh stream
      When the client puts data of 1048575 bytes under a partition key of 1 character
      Then the call succeeds
      And Kinesis holds data of 1048575 bytes where the answer says

    Scenario: Data of 1 MiB and one byte is refused
      When the client puts data of 1048577 bytes under a partition key of 1 character
      Then Kinesis refuses the call
      And nothing is stored in the stream

  @PUT-9
  Rule: The path, the data and the partition key are all that counts
    Scenario: A name in the query string or the body is ignored
      Given another stream
      And the client also names the other stream in query string and body
      When the client puts "for the stream in the path" under the partition key "some key"
      Then the stream holds exactly one new record, the JSON text "for the stream in the path"
      And nothing is stored in the other stream

    Scenario Outline: <field> is ignored
      Given a stream of two shards
      When the client puts a record into the stream with the body {"Data": "x", "PartitionKey": "some key", <field>}
      Then the answer names the shard "shardId-000000000001"
      And the stream holds exactly one new record, the JSON text "x"

      Examples:
        | field                                | why                                         |
        | "ExplicitHashKey": "0"               | would choose the first shard                |
        | "SequenceNumberForOrdering": "other" | would be refused, were it handed to Kinesis |

  @PUT-10
  Rule: A stream that is still being created takes no records
    Scenario: A record put too early is refused and never appears
      When the client puts a record into a stream that is still being created
      Then Kinesis refuses the call
      And nothing is stored in the stream
