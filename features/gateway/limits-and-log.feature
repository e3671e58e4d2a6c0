@requires:direct-kinesis
Feature: What the gateway takes and what it sends on
  The gateway has a limit of its own for what it takes. What it makes of a call is shown by the log of
  a test invocation: the only place where the request to Kinesis can be seen from outside.

  Background:
    Given a stream

  @GW-9
  Rule: A body of more than 10 MiB is too large for the gateway
    Scenario: A body of more than 10 MiB never reaches Kinesis
      When the client puts data of 10485761 bytes under a partition key of 1 character
      Then the gateway answers with 413
      And nothing is stored in the stream

  @GW-12 @requires:test-invoke
  Rule: The log of a test invocation shows the request to Kinesis
    Scenario Outline: The request to <call> is <target>
      When an operator test-invokes the call to <call>
      Then the request to Kinesis is <target> with:
        """json
        <request>
        """

      Examples:
        | call                 | target           | request                                                                                                                                                          |
        | list streams         | ListStreams      | {}                                                                                                                                                               |
        | create a stream      | CreateStream     | {"ShardCount": 5, "StreamName": "{stream-name}"}                                                                                                                 |
        | describe a stream    | DescribeStream   | {"StreamName": "{stream-name}"}                                                                                                                                  |
        | delete a stream      | DeleteStream     | {"StreamName": "{stream-name}"}                                                                                                                                  |
        | put a record         | PutRecord        | {"StreamName": "{stream-name}", "Data": "InNvbWUgZGF0YSI=", "PartitionKey": "some key"}                                                                          |
        | put records          | PutRecords       | {"StreamName": "{stream-name}", "Records": [{"Data": "c29tZSBkYXRh", "PartitionKey": "some key"}, {"Data": "c29tZSBvdGhlciBkYXRh", "PartitionKey": "some key"}]} |
        | get a shard iterator | GetShardIterator | {"StreamName": "{stream-name}", "ShardId": "shard-000000000004", "ShardIteratorType": "TRIM_HORIZON"}                                                            |
        | get records          | GetRecords       | {"ShardIterator": "an iterator"}                                                                                                                                 |

    Scenario Outline: The content type of the request to <call> is JSON 1.1
      When an operator test-invokes the call to <call>
      Then the request to Kinesis has JSON 1.1 as its content type

      Examples:
        | call              |
        | list streams      |
        | create a stream   |
        | describe a stream |
        | delete a stream   |
        | put a record      |
        | put records       |
