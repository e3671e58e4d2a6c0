@requires:direct-kinesis
Feature: A stream's life as a client sees it
  Creation and deletion take their time: half a minute on AWS. A client that looks meanwhile gets to
  know, and a client that asks for what is not there gets an error that names it.

  @DESC-4
  Rule: A description shows the state that the stream is in
    Scenario: A new stream is CREATING until it is ACTIVE
      Given a stream that is still being created
      When the client describes the stream until it is ACTIVE
      Then it was seen "CREATING, then ACTIVE"

    Scenario: A stream being deleted is DELETING until it is gone
      Given a stream that is still being deleted
      When the client describes the stream until it is gone
      Then it was seen "DELETING, then not found"

  @DESC-5
  Rule: A stream that is not there cannot be described
    Scenario: The error names the stream and the account
      When the client describes an unknown stream
      Then Kinesis refuses the call with ResourceNotFoundException
      And the error text is "Stream {stream-name} under account {account} not found."
