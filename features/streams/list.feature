Feature: List the streams
  An operator looks up which streams the account has. The proxy asks Kinesis without any argument,
  so the answer is Kinesis's own first page, whatever a client adds to its call.

  @LIST-1
  Rule: The answer tells the names, and whether there are more
    Scenario: The streams are listed by name
      When the client lists the streams
      Then the answer is 200 with the fields:
        | field          | kind            |
        | HasMoreStreams | true or false   |
        | StreamNames    | a list of names |

  @LIST-2 @requires:direct-kinesis
  Rule: The list is what Kinesis has at that moment
    Scenario: A stream made since the last look is listed
      Given another stream
      And the client has listed the streams
      And a stream made just now
      When the client lists the streams
      Then the list has the stream
      And the list has the other stream

    Scenario: A stream deleted since the last look is not
      Given a fresh stream
      And the client has listed the streams
      And the stream has been deleted
      When the client lists the streams
      Then the list lacks the stream

  @LIST-3
  Rule: Nothing that a client adds limits or pages the list
    @requires:direct-kinesis
    Scenario Outline: The list stays whole with <addition>
      Given a stream
      And another stream
      And the client adds <addition>
      When the client lists the streams
      Then the list has the stream
      And the list has the other stream

      Examples:
        | addition                                         | why                               |
        | the query string "Limit=1"                       | a page size as a parameter        |
        | the query string "ExclusiveStartStreamName=zzzz" | a starting point behind all names |
        | the body {"Limit": 1}                            | a page size as Kinesis spells it  |
        | the body {"ExclusiveStartStreamName": "zzzz"}    | a starting point as Kinesis does  |

    @requires:test-invoke
    Scenario: Kinesis is asked for everything, whatever a client sends
      Given the client adds the query string "Limit=1"
      And the client adds the body {"Limit": 1}
      When an operator test-invokes the call to list streams
      Then the request to Kinesis is ListStreams with:
        """json
        {}
        """

  @LIST-4 @requires:direct-kinesis @exclusive @slow
  Rule: A list ends after one hundred names and says that there are more
    Scenario: The hundred-and-first stream is not listed
      Given more than 100 streams in the account
      When the client lists the streams
      Then the list has 100 names in order, and says that there are more
