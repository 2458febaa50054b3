"""The Official Account API as documented, on SQLite: any WeChat client may be pointed at it.

Written from the vendor's pages and what users of the real host report, never from this project's own calls. Where
neither says what happens, the sandbox refuses, or chooses as listed here:

- **Access tokens.** A value that can't be a token answers 40014; one that the account does not have, or that a newer
  ``token`` call replaced, 40001; one past its two hours 42001. On the real host a replaced token works for another
  five minutes; here it dies at once, so that the harm is seen.
- **Unknown paths** answer 40066 ("invalid url"), as the real host does, but with HTTP status 404.
- **Bodies.** They are read as JSON whatever the content type says. ``\\uXXXX`` anywhere is refused, on every call
  (40246 for ``template/api_add_template``, else 40033); a body nested more than a hundred deep is 47001; bytes that are
  not UTF-8 are 65318 for ``menu/addconditional``, else 40033.
- **Buttons.** A field without a meaning for the button's type is kept and returned. ``null`` counts as absent.
  Materials, articles and linked mini programs are not looked up: any well-formed id is accepted.
- **Rules.** Empty strings count as absent, for the withdrawn fields too (clients that always send every field are in
  use). A tag id that the account does not have is refused with 45159, a platform other than 1, 2, 3 with 40035.
  A field that no page mentions is kept and returned, but is no condition.
- **Domains** of personalised menus are host names as written: ``a.example.com`` and ``b.example.com`` are two.
- **Order of checks** where a request is wrong twice: token, method, body, default menu, buttons, rule, domains.
- **Tags.** Deleting a tag takes it from its followers; the personalised menus that ask for it stay, and match nobody.
  Giving a follower a tag that they have already changes nothing, their order of tags neither.
- **Followers.** An openid that the account does not have is 40003 in ``user/info`` and ``tags/getidlist`` (who
  left is known to ``user/info`` alone), 49003 in a tagging call, 65302 in ``menu/trymatch``.
- **Templates.** Adding the same library template again makes another one, with an id of its own. A full account is
  45026 once the library number and the keywords are right. A category template names its category in
  ``primary_industry`` and ``deputy_industry``. Templates come in the order in which they were added. A test account has
  no library: whatever is added, 40037. The row of one-time subscriptions takes no slot; deleting it, and sending with
  it, is 40037.
- **Industries.** Empty texts until they are set. Two different ones are asked for (40102); a month is thirty days,
  whatever was changed; the historical templates of an industry that is left go with it.
- **Template messages.** An openid that nobody here has is one who does not follow (43004), another account's is 40003.
  Every placeholder of a category template wants a value, a ``const`` perhaps an empty one; those of historical and of
  typed-in templates are not checked. What the template lacks is dropped silently, as ``first``, ``remark`` and
  ``color`` are. A repeated ``client_msg_id`` is answered with the first message's id. Contents are not judged, and a
  follower may be sent any number. Checked in turn: receiver, template, data, link.
- ``menu/delete`` takes a console-made menu away too.
- **Third-party platforms.** Anyone with a well-formed appid, a secret and a ticket is one, and may act for every
  account: the first refresh token named for an account is taken for the right one. Each answer brings a new one, and
  the one that was sent works until the next. A platform's token on an account's call is 61015, the other way round
  61014.
- **Callbacks** are those of the seed (40201 without one); no name is looked up and nothing is pinged.
- **Pushes** begin at the phones of followers, which are no part of the official API (see ``phone``). The three tries of
  a push follow each other at once, with the same message and another signature. An answer with an HTTP status other
  than 200 counts as none. What is scanned, pictured or pointed at is always the same. A tap on a menu of the web
  console is refused: it stops working once a callback is enabled.
- **Quotas**, account types and permissions are not simulated: every call is allowed, any number of times.
  ``openapi/quota/get`` counts the calls of the Beijing day, refused ones too, against the published figures, and
  against 1,000 where none is published.
"""
