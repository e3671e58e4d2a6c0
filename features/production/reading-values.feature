@requires:direct-kinesis
Feature: The values of calls that read
  A name or an iterator that breaks out of its text adds a member to the request. Kinesis takes the
  last of two members of one name, and answers what the client was never meant to ask for.

  @SAFE-10
  Rule: No value that a reading call is given changes the structure of the request
    @calls:GetShardIterator @with:shard
    Scenario: A name of a shard that adds another
      Given a stream that the proxy serves
      When the client asks for an iterator of a shard whose name adds the first one
      Then it is given nothing

    @calls:GetRecords @with:iterator
    Scenario: An iterator that adds a good one
      Given a stream with 3 records that the proxy serves
      When the client reads with an iterator that adds a good one
      Then it is given nothing

    @with:stream
    Scenario Outline: A name of a stream that adds another, with <action>
      Given a stream that the proxy serves
      And another fresh stream
      When the client calls <action> for a stream whose name adds the other one
      Then it is given nothing

      Examples:
        | action           |
        | DescribeStream   |
        | GetShardIterator |

    @with:stream
    Scenario Outline: A name of a stream that adds a member, with <action>
      Given a stream that the proxy serves
      When the client calls <action> for a stream whose name adds a member
      Then it is given nothing

      Examples:
        | action           |
        | DescribeStream   |
        | GetShardIterator |

    @calls:ListStreams @with:start-of-list
    Scenario: A start of the list that adds another
      Given a stream that the proxy serves
      When the client lists the streams from a name that adds another one
      Then it is given nothing
