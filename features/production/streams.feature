@requires:direct-kinesis
Feature: Streams by way of the proxy
  Operators list, describe, create and delete streams. Each call concerns the stream that it names,
  and what it says of a stream is what Kinesis says.

  @SAFE-18 @calls:ListStreams @exclusive @slow
  Rule: A long list can be read to its end
    Scenario: More than 100 streams
      Given more than 100 streams in the account
      When the client lists the streams to the end of the list
      Then every stream of the account is listed once

  @SAFE-19 @calls:CreateStream @with:stream
  Rule: A stream is created as asked
    Scenario: The stream becomes active under its name
      When the client creates a stream
      Then each call succeeds
      And the stream becomes active

    @with:shard-count
    Scenario: The stream has the shards that were asked for
      When the client creates a stream of 3 shards
      Then each call succeeds
      And the stream becomes active with 3 shards

    @role:powerless
    Scenario: A refused creation leaves nothing
      Given the proxy runs under the powerless role
      When the client creates a stream
      Then no new stream appears

  @SAFE-20 @calls:DescribeStream
  Rule: A description agrees with Kinesis
    Scenario: A stream of two shards
      Given a stream that the proxy serves
      When the client calls DescribeStream
      Then each call succeeds
      And what it tells of the stream is what Kinesis tells

  @SAFE-21 @calls:DeleteStream @with:stream
  Rule: A deletion removes that stream and no other
    Scenario: One of two streams
      Given a fresh stream
      And another stream
      When the client calls DeleteStream
      Then each call succeeds
      And the stream is absent
      And the other stream is unchanged
