@journey @requires:direct-kinesis
Feature: Producers and consumers at work
  A single call may be right, and work still go wrong: a producer that repeats too much stores
  records twice, one that repeats too little loses them, and a consumer that has to begin anew skips
  some. A client that uses the proxy for a day meets all of this.

  @SAFE-4 @exclusive @calls:PutRecords @with:data
  Rule: By what a partial answer tells, a producer gets every record stored once
    Scenario: A producer sends again what was refused
      Given a stream of the scenario's own that the proxy serves
      When a producer puts a batch beyond what its shards take, and again what each answer says was refused
      Then Kinesis holds each of its records once

  @calls:GetShardIterator @calls:GetRecords @with:restart
  Rule: A consumer that has to take a new iterator misses nothing and reads nothing twice
    @SAFE-2 @requires:kinesis-conditions
    Scenario: An expired iterator is the client's mistake
      Given a stream with 25 records that the proxy serves
      When a consumer reads the stream to its end
      And the consumer's iterator expires
      And the consumer reads on
      Then the call fails with 400

    @SAFE-17 @requires:kinesis-conditions
    Scenario: Its iterator has expired
      Given a stream with 25 records that the proxy serves
      When a consumer reads the stream to its end
      And 10 more records come into the stream
      And the consumer's iterator expires
      And the consumer reads on
      And the consumer takes a new iterator after the last record that it read, and reads on
      Then it has read every record once, in the order of its shard

    @SAFE-17
    Scenario: It was away while records came in
      Given a stream with 25 records that the proxy serves
      When a consumer reads the stream to its end
      And 10 more records come into the stream
      And the consumer takes a new iterator after the last record that it read, and reads on
      Then it has read every record once, in the order of its shard

  @SAFE-17 @calls:GetShardIterator @calls:GetRecords
  Rule: What several producers put, several consumers read, all of it and once
    Scenario Outline: Two producers use <action>, and two consumers read the five shards
      Given a stream of five shards that the proxy serves
      When two producers put records with <action> while two consumers read
      Then the consumers have read each record of the producers once

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |
