@requires:direct-kinesis
Feature: A Kinesis that fails, or is slow
  Now and then Kinesis fails, or takes longer than the gateway waits. A client that is told so calls
  again later; one that is told of a mistake of its own gives up, and one that is told nothing has
  lost what it sent.

  @SAFE-2 @exclusive @requires:kinesis-conditions
  Rule: A failure of Kinesis is told as the server's
    Scenario Outline: <action> while Kinesis answers <error>
      Given a stream that the proxy serves
      And Kinesis answers <action> with <error>
      When the client calls <action>
      Then the server is to blame
      And Kinesis holds nothing new

      Examples:
        | action           | error              |
        | ListStreams      | InternalFailure    |
        | DescribeStream   | InternalFailure    |
        | CreateStream     | InternalFailure    |
        | DeleteStream     | InternalFailure    |
        | PutRecord        | InternalFailure    |
        | PutRecord        | ServiceUnavailable |
        | PutRecords       | InternalFailure    |
        | PutRecords       | ServiceUnavailable |
        | GetShardIterator | InternalFailure    |
        | GetRecords       | InternalFailure    |

  @SAFE-2 @with:mapped-failures
  Rule: By the definition, too, a failure of Kinesis is told as the server's
    Scenario Outline: What <action> makes of a failure of Kinesis
      When an operator reads how <action> answers a failure of Kinesis
      Then a failure of Kinesis is told as the server's

      Examples:
        | action           |
        | ListStreams      |
        | DescribeStream   |
        | CreateStream     |
        | DeleteStream     |
        | PutRecord        |
        | PutRecords       |
        | GetShardIterator |
        | GetRecords       |

  @SAFE-22 @exclusive @requires:kinesis-conditions
  Rule: A Kinesis that is too slow is told as such, and nothing is stored twice
    Scenario Outline: <action> takes longer than the gateway waits
      Given a stream that the proxy serves
      And Kinesis answers <action> when the gateway has given up
      When the client calls <action>
      Then the server is to blame
      And Kinesis holds nothing twice

      Examples:
        | action           |
        | ListStreams      |
        | DescribeStream   |
        | PutRecord        |
        | PutRecords       |
        | GetShardIterator |
        | GetRecords       |
