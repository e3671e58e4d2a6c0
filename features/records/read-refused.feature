@requires:direct-kinesis
Feature: Reading with an iterator that is none, or comes from elsewhere
  The template looks the iterator up by name among all parameters of a call and checks nothing. What
  Kinesis cannot use it refuses; where the name is found first is API Gateway's own rule.

  Background:
    Given a stream that holds the records:
      | data   | partition key | why           |
      | first  | some key      | the 5th shard |
      | second | a             | the 1st shard |
      | third  | some key      | the 5th shard |

  @GET-7
  Rule: Without a usable iterator there are no records
    Scenario: A call without an iterator is refused
      When the client reads without an iterator
      Then Kinesis refuses the call with ValidationException
      And the answer has no "Records"

    Scenario: An iterator that Kinesis never gave is refused
      When the client reads with the iterator "AAAAAAAAAAFnotAnIterator"
      Then Kinesis refuses the call with InvalidArgumentException
      And the answer has no "Records"

  @GET-8
  Rule: The header's name is compared letter by letter
    Scenario: An iterator in a header of small letters is not found
      Given an iterator at the start of shard 4
      When the client reads with the iterator in the header "shard-iterator"
      Then Kinesis refuses the call
      And the answer has no "Records"

  @GET-9
  Rule: An iterator in the query string wins over the header
    This is a weakness of the definition: a link can make a client read what it did not ask for.

    Scenario: The parameter of the same name decides
      Given an iterator at the start of shard 4
      And the client also puts an iterator of shard 0 in the query string
      When the client reads on until it has caught up
      Then it has read exactly "second"
