@requires:direct-kinesis
Feature: Creations that Kinesis refuses
  The proxy checks nothing itself. What a client asks for reaches Kinesis as the template renders it,
  and what Kinesis does not accept must leave no trace.

  @CREATE-7
  Rule: A ShardCount that is no positive number is refused
    Scenario Outline: ShardCount <count> is refused with <error>
      When the client creates a new stream with the body {"ShardCount": <count>}
      Then Kinesis refuses the call with <error>
      And no new stream appears

      Examples:
        | count      | error                  | why                                          |
        | 0          | ValidationException    | zero is given, so the default does not apply |
        | -1         | ValidationException    | below the least                              |
        | "abc"      | SerializationException | a word that is inserted without its quotes   |
        | true       | SerializationException | a Boolean is not a number                    |
        | {"n": "x"} | SerializationException | an object is printed, not encoded            |

  @CREATE-7a
  Rule: A ShardCount with a fraction is refused
    Scenario: A fractional ShardCount is refused
      When the client creates a new stream with the body {"ShardCount": 1.5}
      Then Kinesis refuses the call
      And no new stream appears

  @CREATE-8
  Rule: A name in use is refused and the stream that bears it stays as it is
    Scenario: The second creation of a stream changes nothing
      Given a stream
      When the client creates the stream with the body {"ShardCount": 2}
      Then Kinesis refuses the call with ResourceInUseException
      And the error text is "Stream {stream-name} under account {account} already exists."
      And the stream is unchanged

  @CREATE-9
  Rule: Names have 1 to 128 letters, digits, underscores, dots and hyphens
    Scenario: The longest name with every kind of character is accepted
      When the client creates a stream whose name has 128 characters of "aZ09_.-"
      Then the stream becomes ACTIVE under the name in the path

    Scenario Outline: A name with <name> is refused
      When the client creates a stream whose name has <name>
      Then Kinesis refuses the call with ValidationException
      And no new stream appears

      Examples:
        | name                   | why                          |
        | 129 characters of "a"  | one too many                 |
        | 40 characters of "a!"  | a mark that is not allowed   |
        | 40 characters of "a b" | a blank, encoded in the path |
        | 40 characters of "é"   | a letter outside ASCII       |

  @CREATE-10
  Rule: The path names the stream, even if query string or body name another
    Scenario: A name in the query string or the body is ignored
      Given another stream
      And the client also names the other stream in query string and body
      When the client creates a new stream with the body {"ShardCount": 1}
      Then the stream becomes ACTIVE under the name in the path
      And the other stream is unchanged

    Scenario: A body that names a stream does not make one of that name
      Given the client also names an unknown stream in query string and body
      When the client creates a new stream with the body {"ShardCount": 1}
      Then the stream becomes ACTIVE under the name in the path
      And the unknown stream is absent
