@requires:direct-kinesis
Feature: Values that try to change the request
  The tutorial's templates insert what a client sends without escaping it. A run reports that weakness
  where it finds it; an API without it passes as well. These scenarios check that it does no harm.

  Background:
    Given a stream
    And another stream

  @INJ-1
  Rule: A quote changes no other stream and stores nothing under another key
    Where the template escapes a quote, Kinesis refuses the name or the iterator. Where it does not, Kinesis cannot
    read the request. Every error passes; only a success fails.

    Scenario Outline: A partition key with <why> is kept, or the record is refused
      When the client puts a record into the stream with the body {"Data": "x", "PartitionKey": <key>}
      Then the record is stored under exactly that partition key, or refused
      And nothing is stored in the other stream

      Examples:
        | key     | why                            |
        | "a\\"b" | a quote                        |
        | "a\\\\" | a backslash that hides a quote |
        | "a\\nb" | a line break                   |

    Scenario: A stream name with a quote is rejected
      When the client creates a new stream whose name goes on with "%22x"
      Then the call does not succeed
      And no new stream appears

    Scenario: An iterator with a quote reads nothing
      When the client reads with the iterator 'AAAA"BBBB'
      Then the call does not succeed
      And the answer has no "Records"

  @INJ-2 @requires:test-invoke
  Rule: A ShardCount of text names no other stream
    Scenario: Members that a count adds to the request do not change the stream name
      Given the client adds the body {"ShardCount": "3, \"StreamName\": \"smuggled\", \"StreamModeDetails\": {\"StreamMode\": \"ON_DEMAND\"}"}
      When an operator test-invokes the call to create a stream
      Then the request to Kinesis is CreateStream for the stream in the path
      And the stream is unchanged
      And the other stream is unchanged

  @INJ-3
  Rule: Template language in data is not evaluated
    Scenario Outline: <data> is stored unchanged
      When the client puts <data> under the partition key "some key"
      Then Kinesis holds the JSON text <data> where the answer says

      Examples:
        | data                                 | why                    |
        | "#set($x = 1)$x"                     | an assignment          |
        | "$input.params('stream-name')"       | an input               |
        | "#foreach($i in [1..3])$i#end"       | a loop                 |
        | "## a comment"                       | a comment              |
        | "$context.requestId ${util} $!{x} $" | references of any form |

    Scenario: Many records are not evaluated either
      When the client puts the records:
        | data                        | partition key |
        | #set($x = 1)$x              | some key      |
        | $input.json('$')            | some key      |
        | #foreach($i in [1..3])x#end | some key      |
        | ## a comment                | some key      |
      Then the stream holds exactly these new records, in order:
        | data                        | partition key |
        | #set($x = 1)$x              | some key      |
        | $input.json('$')            | some key      |
        | #foreach($i in [1..3])x#end | some key      |
        | ## a comment                | some key      |
