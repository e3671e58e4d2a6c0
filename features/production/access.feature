@requires:direct-kinesis
Feature: Who may change streams
  The gateway acts under its own role, so whoever reaches it has that role's rights. A method that
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
      Then they do not allow writing to every stream
