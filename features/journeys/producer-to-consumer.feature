@journey @requires:direct-kinesis
Feature: From an empty account to records read back
  The eight calls belong together: an operator makes a stream, a producer fills it, a consumer reads
  it from end to end, and the operator clears it away. Each answer feeds the next call, as it does
  for the people who use the proxy.

  @JOURNEY-1
  Scenario: A stream is made, filled, read and removed through the proxy alone
    When the client creates a new stream with the body {"ShardCount": 2}
    And the client describes the stream until it is ACTIVE
    And the client lists the streams
    Then the list has the stream
    When the client puts "alone" under the partition key "some key"
    And the client puts the records:
      | data      | partition key |
      | in a pair | some key      |
      | the other | some key      |
    Then all of them are stored once, each at the place that the answer names
    When the client asks for an iterator of shard "shardId-000000000001"
    And the client reads on until it has caught up
    Then it has read exactly '"alone", in a pair, the other'
    When the client deletes the stream with the body {}
    And the client describes the stream until it is gone
    Then it was seen "DELETING, then not found"
