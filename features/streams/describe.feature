@requires:direct-kinesis
Feature: Describe a stream
  A client sees a stream as Kinesis sees it: its state, its retention and its shards. The proxy adds
  nothing and leaves nothing out.

  Background:
    Given a stream

  @DESC-1
  Rule: The answer describes the stream
    Scenario: The description has the tutorial's fields
      When the client describes the stream
      Then the answer is 200 with the fields:
        | field                                  | kind           |
        | StreamDescription.StreamName           | a name         |
        | StreamDescription.StreamARN            | a stream's ARN |
        | StreamDescription.StreamStatus         | a status       |
        | StreamDescription.HasMoreShards        | true or false  |
        | StreamDescription.RetentionPeriodHours | a number       |
        | StreamDescription.Shards               | a list         |

  @DESC-2
  Rule: The description is Kinesis's own
    Scenario: The answer agrees with Kinesis field by field
      When the client describes the stream
      Then the description agrees with Kinesis field by field

    Scenario: The stream in the path is described, even if query string or body name another
      Given another stream
      And the client also names the other stream in query string and body
      When the client describes the stream
      Then the description agrees with Kinesis field by field

  @DESC-3
  Rule: Each shard shows its hash keys and its sequence numbers
    Scenario: An open shard has a first sequence number and no last one
      Given a stream of two shards
      When the client describes the stream
      Then each of the 2 shards has hash keys and a first sequence number, and 0 of them a last one

  @DESC-3a @slow
  Rule: A closed shard shows its last sequence number
    Scenario: The shards that were merged are closed
      Given a fresh stream with 2 shards
      And the shards of the stream have been merged into one
      When the client describes the stream
      Then each of the 3 shards has hash keys and a first sequence number, and 2 of them a last one
      And the description agrees with Kinesis field by field

  @DESC-6 @slow
  Rule: A description ends after one hundred shards and says that there are more
    Scenario: The hundred-and-first shard is not described
      Given a fresh stream with 101 shards
      When the client describes the stream
      Then 100 shards are described, and the answer says that there are more
