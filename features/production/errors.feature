@requires:direct-kinesis
Feature: What clients learn of a refusal
  A client of a proxy sees a status and a body, and nothing of Kinesis behind them. A refusal that
  looks like a success loses records; one that names accounts and roles tells an attacker where to
  go on.

  @SAFE-1
  Rule: A refusal of Kinesis is never answered with success
    @role:powerless
    Scenario Outline: <action> without permission fails
      Given the proxy runs under the powerless role
      And a stream that the proxy serves
      When the client calls <action>
      Then the call fails

      Examples:
        | action           |
        | ListStreams      |
        | CreateStream     |
        | DescribeStream   |
        | DeleteStream     |
        | PutRecord        |
        | PutRecords       |
        | GetShardIterator |
        | GetRecords       |

    @calls:GetRecords @with:iterator
    Scenario: Reading with an invalid iterator fails
      When the client reads with an invalid iterator
      Then the call fails

  @SAFE-2
  Rule: The status of a refusal says whose fault it was
    @role:powerless
    Scenario Outline: <action> without permission is denied
      Given the proxy runs under the powerless role
      And a stream that the proxy serves
      When the client calls <action>
      Then the call fails with 403

      Examples:
        | action           |
        | ListStreams      |
        | CreateStream     |
        | DescribeStream   |
        | DeleteStream     |
        | PutRecord        |
        | PutRecords       |
        | GetShardIterator |
        | GetRecords       |

    @with:stream @with:any-stream
    Scenario Outline: <action> on a stream that does not exist
      Given a stream that does not exist
      When the client calls <action>
      Then the call fails with 404

      Examples:
        | action           |
        | DescribeStream   |
        | DeleteStream     |
        | PutRecord        |
        | PutRecords       |
        | GetShardIterator |

    @calls:CreateStream @with:stream
    Scenario: The name of a new stream is in use
      Given a stream that the proxy serves
      When the client creates a stream of that name
      Then the call fails with 409

    @exclusive @requires:kinesis-conditions
    Scenario Outline: <action> while Kinesis answers <error>
      Given a stream that the proxy serves
      And Kinesis answers <action> with <error>
      When the client calls <action>
      Then the call fails with 429

      Examples:
        | action           | error                                  |
        | PutRecord        | ProvisionedThroughputExceededException |
        | PutRecords       | ProvisionedThroughputExceededException |
        | GetShardIterator | ProvisionedThroughputExceededException |
        | GetRecords       | ProvisionedThroughputExceededException |
        | ListStreams      | LimitExceededException                 |
        | DescribeStream   | LimitExceededException                 |
        | CreateStream     | LimitExceededException                 |
        | DeleteStream     | LimitExceededException                 |

    @calls:GetRecords @with:iterator
    Scenario: An invalid iterator is the client's mistake
      When the client reads with an invalid iterator
      Then the call fails with 400
