@requires:direct-kinesis
Feature: Get records
  A client reads with the iterator in a header and goes on with the next one. The records come back
  as Kinesis has them, data in base64, whichever way they were put.

  Background:
    Given a stream that holds the records:
      | data   | partition key | why           |
      | first  | some key      | the 5th shard |
      | second | a             | the 1st shard |
      | third  | some key      | the 5th shard |

  @GET-1
  Rule: The answer has the records, the next iterator and the delay
    Scenario: A page of records has the next iterator and the delay
      Given an iterator at the start of shard 4
      When the client reads with the iterator
      Then the answer is 200 with the fields:
        | field              | kind          |
        | Records            | a list        |
        | NextShardIterator  | a filled text |
        | MillisBehindLatest | a number      |

    Scenario: MillisBehindLatest is 0 after the last record
      Given an iterator at the start of shard 4
      When the client reads on until it has caught up
      Then it is 0 milliseconds behind

  @GET-2
  Rule: The records are Kinesis's own
    Scenario: Each record agrees with Kinesis field by field
      Given an iterator at the start of shard 4
      When the client reads on until it has caught up
      Then each record agrees with Kinesis in:
        | field                       |
        | SequenceNumber              |
        | PartitionKey                |
        | Data                        |
        | ApproximateArrivalTimestamp |

  @GET-3
  Rule: The iterator comes from the header
    Scenario: The header decides, whatever the body has
      Given an iterator at the start of shard 4
      And the client also puts an iterator of shard 0 in the body
      When the client reads on until it has caught up
      Then it has read exactly "first, third"

    Scenario: The body cannot supply the iterator
      Given the client also puts an iterator of shard 0 in the body
      When the client reads without an iterator
      Then Kinesis refuses the call
      And the answer has no "Records"

  @GET-4
  Rule: Following the iterators reads each record once, in order
    Scenario: A shard is read from end to end
      Given an iterator at the start of shard 4
      When the client reads on until it has caught up
      Then it has read exactly "first, third"
      And the chain of iterators goes on

    Scenario: An empty shard gives no records and another iterator
      Given an iterator at the start of shard 1
      When the client reads on until it has caught up
      Then it has read no records
      And the chain of iterators goes on

  @GET-5
  Rule: An iterator may be used again
    Scenario: The second reading gives the records of the first
      Given an iterator at the start of shard 4
      And the client has read with the iterator
      When the client reads with the iterator
      Then it has read the same records as before

  @GET-6
  Rule: The iterator alone decides which stream is read
    Scenario: The stream in the path is not consulted
      Given an iterator at the start of shard 4
      When the client reads on under an unknown stream until it has caught up
      Then it has read exactly "first, third"
