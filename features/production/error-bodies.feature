@requires:direct-kinesis
Feature: What the body of a refusal says
  Kinesis's own texts name the account, the stream's ARN and the role. A client needs the type of an
  error, to act on it, and none of these.

  @SAFE-3
  Rule: An error has a type and gives nothing away
    @role:powerless
    Scenario Outline: <action> without permission tells nothing of the account
      Given the proxy runs under the powerless role
      And a stream that the proxy serves
      When the client calls <action>
      Then the error has a type
      And the error names no account, ARN or role

      Examples:
        | action           |
        | ListStreams      |
        | PutRecord        |
        | PutRecords       |
        | GetShardIterator |
        | CreateStream     |
        | DescribeStream   |
        | DeleteStream     |
        | GetRecords       |

    @calls:GetRecords @with:iterator
    Scenario: Reading with an invalid iterator tells nothing of the account
      When the client reads with an invalid iterator
      Then the error has a type
      And the error names no account, ARN or role

    @with:stream @with:any-stream
    Scenario Outline: <action> on a stream that does not exist tells nothing of the account
      Given a stream that does not exist
      When the client calls <action>
      Then the error has a type
      And the error names no account, ARN or role

      Examples:
        | action           |
        | DescribeStream   |
        | DeleteStream     |
        | PutRecord        |
        | PutRecords       |
        | GetShardIterator |

    @exclusive @requires:kinesis-conditions
    Scenario Outline: <action> on a full shard tells nothing of the account
      Given a stream that the proxy serves
      And Kinesis answers <action> with ProvisionedThroughputExceededException
      When the client calls <action>
      Then the error names no account, ARN or role

      Examples:
        | action           |
        | PutRecord        |
        | PutRecords       |
        | GetShardIterator |
        | GetRecords       |

    @exclusive @calls:PutRecords @with:data
    Scenario: A batch that Kinesis takes only in part tells nothing of the account
      Given a stream of the scenario's own that the proxy serves
      When the client puts heavy batches until Kinesis takes one only in part
      Then that answer names no account, ARN or role where it tells of refused records

    @role:powerless @exclusive @requires:kinesis-conditions
    Scenario Outline: The errors of <action> have different types
      Given the proxy runs under the powerless role
      And a stream that the proxy serves
      When the client calls <action>, which Kinesis denies, throttles, and fails to do
      Then the types of the errors tell them apart

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
