@requires:direct-kinesis
Feature: A stream that is written too fast
  A shard takes 1,000 records and 1 MB a second. What is beyond that is refused, all of it or a part,
  and a producer that is not told loses what it sent.

  @SAFE-4 @exclusive @calls:PutRecords @with:data
  Rule: A batch that is stored only in part is told from one stored whole
    Scenario: A batch beyond what its shards take
      Given a stream of the scenario's own that the proxy serves
      When the client puts heavy batches until Kinesis takes one only in part
      Then the status of that answer is another than that of a whole batch
      And that answer tells which records to send again

  @SAFE-22 @exclusive @calls:PutRecord @with:data
  Rule: A throttled call is told as such, and stores nothing
    Scenario: More records at once than a shard takes
      Given a stream of the scenario's own that the proxy serves
      When the client puts heavy records at once until Kinesis refuses one
      Then what was refused was refused with 429 or as the server's fault
      And Kinesis holds exactly what was accepted
