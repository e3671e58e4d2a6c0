@requires:control-plane
Feature: How a method becomes a Kinesis request
  Each method turns what a client sends into a Kinesis request: under the execution role, with a
  content type Kinesis knows, through one mapping template. Whatever Kinesis then answers goes back
  as it is, since there is only a default response.

  @DEF-5
  Rule: Every method calls Kinesis under the execution role
    Scenario: No method calls on its own account
      When an operator reads the deployed API
      Then every method carries the execution role

  @DEF-6
  Rule: Kinesis is told that it gets JSON of version 1.1
    Both spellings, application/x-amz-json-1.1 and x-amz-json-1.1, are the tutorial's own.

    Scenario: The content type is fixed where the tutorial fixes it
      When an operator reads the deployed API
      Then the content type sent to Kinesis is:
        | method | resource                             | content type |
        | GET    | /streams                             | JSON 1.1     |
        | GET    | /streams/{stream-name}               | JSON 1.1     |
        | POST   | /streams/{stream-name}               | JSON 1.1     |
        | DELETE | /streams/{stream-name}               | JSON 1.1     |
        | PUT    | /streams/{stream-name}/record        | JSON 1.1     |
        | PUT    | /streams/{stream-name}/records       | JSON 1.1     |
        | GET    | /streams/{stream-name}/records       | optional     |
        | GET    | /streams/{stream-name}/sharditerator | optional     |

  @DEF-7
  Rule: Each method has one mapping template
    Scenario: The template is for JSON
      When an operator reads the deployed API
      Then every method has one mapping template, for "application/json"

  @DEF-8
  Rule: What no template can map is refused
    Scenario: No method passes an unknown media type through to Kinesis
      When an operator reads the deployed API
      Then every method refuses a media type that has no template

  @DEF-9
  Rule: Whatever Kinesis answers becomes the one response, 200
    Scenario: The default response is the only one, and changes nothing
      When an operator reads the deployed API
      Then every method has one response, 200, to which everything maps unchanged
