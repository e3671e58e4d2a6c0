@requires:direct-kinesis
Feature: Batches that Kinesis refuses, whole or in part
  A batch stands or falls as a whole where its form is wrong. Where Kinesis can only take a part of
  it, the answer is still a 200, and only its body tells which records have to be sent again.

  Background:
    Given a stream

  @PUTS-5
  Rule: A batch has 1 to 500 records
    Scenario Outline: A batch with <body> is refused
      When the client puts records into the stream with <body>
      Then Kinesis refuses the call with ValidationException
      And nothing is stored in the stream

      Examples:
        | body                     | why            |
        | the body {"records": []} | an empty list  |
        | the body {}              | no list        |
        | no body                  | nothing at all |

    Scenario: A batch of 501 records is refused as a whole
      When the client puts 501 records of several partition keys
      Then Kinesis refuses the call with ValidationException
      And nothing is stored in the stream

  @PUTS-6
  Rule: Where Kinesis takes only a part, the answer tells which
    Scenario: A batch beyond what one shard takes in a second fails in part
      Given a fresh stream
      When the client puts batches of 300 records until Kinesis takes one only in part
      Then the answer counts the failed records and tells at their places why
      And the records that did not fail, and no others, are stored at their places

  @PUTS-8
  Rule: One record without a partition key spoils the batch
    Scenario Outline: A record with <why> is refused together with the others
      When the client puts records into the stream with the body {"records": [{"data": "good", "partition-key": "k"}, {"data": "bad"<member>}]}
      Then Kinesis refuses the call with ValidationException
      And nothing is stored in the stream

      Examples:
        | member                | why                                         |
        |                       | no partition key                            |
        | , "partition-key": "" | an empty partition key                      |
        | , "PartitionKey": "k" | a partition key under a single record's name |
