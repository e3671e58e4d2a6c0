@requires:direct-kinesis
Feature: Writing through the proxy
  A producer believes what it is answered. What is answered as stored has to be in Kinesis, once, in
  the stream that the call was about, and what was refused must not be there.

  @SAFE-5
  Rule: What is answered as stored is stored, once
    Scenario Outline: <action> stores what it was given
      Given a stream that the proxy serves
      When the client calls <action>
      Then each call succeeds
      And Kinesis holds exactly what the client put

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

    @role:powerless
    Scenario Outline: <action> that is refused stores nothing
      Given the proxy runs under the powerless role
      And a stream that the proxy serves
      When the client calls <action>
      Then Kinesis holds nothing new

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

  @SAFE-8 @with:generated-key
  Rule: Records without a key of the client's spread over the shards
    Scenario Outline: A hundred records of <action>
      Given a stream that the proxy serves
      When the client puts 100 records with <action>
      Then no shard of five would hold more than half of them

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

    # A key of the position spreads one batch, and sends all batches of one record to one shard. Of a hundred keys that
    # differ, more than half fall into one fifth less than once in 10^10 runs: 5 * P(X > 50), X binomial (100, 1/5).
    @calls:PutRecords
    Scenario: A hundred batches of one record
      Given a stream that the proxy serves
      When the client puts 100 batches of one record
      Then no shard of five would hold more than half of them

  @SAFE-9 @calls:PutRecords @with:data
  Rule: A batch is stored whole, each record once, in order within a key
    Scenario Outline: A batch of <count>
      Given a stream that the proxy serves
      When the client puts a batch of <count> records
      Then each call succeeds
      And Kinesis holds exactly what the client put

      Examples:
        | count |
        | 1     |
        | 2     |
        | 10    |
        | 500   |
