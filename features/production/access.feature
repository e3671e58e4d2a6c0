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
        | DeleteStream |
