@requires:direct-kinesis
Feature: Reading through the proxy
  A consumer follows the chain of iterators. It relies on getting every record once, in the order in
  which a shard holds them.

  @SAFE-17 @calls:GetShardIterator @calls:GetRecords
  Rule: The chain gives every record once, in order
    Scenario: A shard is read to its end
      Given a stream with 25 records that the proxy serves
      When the client reads the stream to its end
      Then it has read every record once, in the order of its shard
      And it has an iterator to read on with
