@requires:direct-kinesis
Feature: Who may change streams
  The gateway acts under its own role, so each of its callers has that role's rights. A method that
  writes, creates or deletes has to ask who calls.

  @SAFE-14
  Rule: Nobody writes, creates or deletes anonymously
    Scenario Outline: <action> without credentials
      Given a stream that the proxy serves
      When the client calls <action> anonymously
      Then the caller is turned away
      And Kinesis holds nothing new

      Examples:
        | action       |
        | PutRecord    |
        | PutRecords   |
        | CreateStream |

    @calls:DeleteStream @with:stream
    Scenario: DeleteStream without credentials
      Given a fresh stream
      When the client calls DeleteStream anonymously
      Then the caller is turned away
      And the stream is unchanged

    @with:signature
    Scenario Outline: <action> signed <signature> is let in
      Given a stream that the proxy serves
      When the client calls <action> signed <signature>
      Then each call succeeds
      And Kinesis holds exactly what the client put

      Examples:
        | action    | signature                |
        | PutRecord | by its user              |
        | PutRecord | by a session of its user |

    @with:signature
    Scenario Outline: <action> signed <signature> is turned away
      Given a stream that the proxy serves
      When the client calls <action> signed <signature>
      Then the caller is turned away
      And API Gateway calls it a <type>
      And Kinesis holds nothing new

      Examples: What AWS documents its answer to
        | action     | signature                    | type                                |
        | PutRecord  | by nobody                    | MissingAuthenticationTokenException |
        | PutRecord  | with an unknown access key   | AccessDeniedException               |
        | PutRecord  | with a wrong secret          | InvalidSignatureException           |
        | PutRecord  | before its body was changed  | InvalidSignatureException           |
        | PutRecords | before its body was changed  | InvalidSignatureException           |
        | PutRecord  | before a header was changed  | InvalidSignatureException           |
        | PutRecord  | before its query was changed | InvalidSignatureException           |
        | PutRecord  | an hour ago                  | InvalidSignatureException           |

    @with:signature
    Scenario Outline: <action> signed <signature> is refused
      Given a stream that the proxy serves
      When the client calls <action> signed <signature>
      Then the caller is turned away
      And Kinesis holds nothing new

      Examples: What AWS says to it is not documented
        | action    | signature                      |
        | PutRecord | by a session without its token |
        | PutRecord | for another region             |
        | PutRecord | for another service            |
        | PutRecord | an hour ahead of time          |

    @with:api-key
    Scenario Outline: <action> with another API key is turned away
      Given a stream that the proxy serves
      When the client calls <action> with another API key
      Then the caller is turned away
      And API Gateway calls it a ForbiddenException
      And Kinesis holds nothing new

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

  @SAFE-16 @with:own-role @requires:control-plane
  Rule: The execution role may do what the API does, and nothing else
    Scenario: Only API Gateway may assume it
      When an operator reads the roles of the methods
      Then only "apigateway.amazonaws.com" may assume them

    Scenario: It allows the actions that the API uses
      When an operator reads the roles of the methods
      Then they allow no action that the API does not use

    Scenario: It writes to the streams that the API serves
      When an operator reads the roles of the methods
      Then they write only to the streams that the API serves
