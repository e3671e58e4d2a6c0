@requires:direct-kinesis
Feature: Delete a stream
  A client that deletes a stream loses all its records, so the name in the path has to be the one
  and only that counts.

  @DEL-1
  Rule: Success is 200 with no data
    Scenario Outline: The answer to a deletion with <body> is empty
      Given a fresh stream
      When the client deletes the stream with <body>
      Then the answer is 200 with no data

      Examples:
        | body                      | why                        |
        | the body {}               | the tutorial's own request |
        | the body {"Force": false} | a field of no meaning here |
        | no body                   | what most clients send     |

  @DEL-2
  Rule: That stream, and no other, is gone afterwards
    Scenario: The stream in the path is deleted, even if query string or body name another
      Given a fresh stream
      And another fresh stream
      And the client also names the other stream in query string and body
      When the client deletes the stream with the body {}
      Then the stream is absent
      And the other stream is unchanged

  @DEL-3
  Rule: A stream that is not there cannot be deleted
    Scenario: The error names the stream and the account
      When the client deletes an unknown stream with the body {}
      Then Kinesis refuses the call with ResourceNotFoundException
      And the error text is "Stream {stream-name} under account {account} not found."

  @DEL-4
  Rule: The name of a deleted stream is free again
    Scenario: The second stream of a name starts empty
      Given a fresh stream
      And the stream holds a record
      And the stream has been deleted
      When the client creates the stream with the body {"ShardCount": 1}
      Then the stream becomes ACTIVE under the name in the path
      And nothing is stored in the stream
