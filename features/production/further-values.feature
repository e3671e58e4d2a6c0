@requires:direct-kinesis
Feature: Tokens, types, numbers and hash keys
  Beside names, keys and data a client may give a token, a type, a limit, a time or a hash key. Kinesis
  accepts few texts for each, which is no reason to print whatever was given.

  @SAFE-10
  Rule: None of these changes the structure of the request
    @with:token
    Scenario Outline: A token, type or number that adds a member, with <action>
      Given a stream that the proxy serves
      When the client calls <action> with tokens that add a member to the request
      Then it is given nothing

      Examples:
        | action           |
        | ListStreams      |
        | GetShardIterator |
        | GetRecords       |
        | DescribeStream   |
        | PutRecord        |
        | PutRecords       |
