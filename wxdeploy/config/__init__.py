"""Files in, desired state out.

``documents`` reads YAML, ``schemas`` holds it to the published schemas, ``project`` reads ``wxdeploy.yaml`` and finds
the files of each account, ``resolve`` merges them and fills in the variables, ``emit`` writes data back as YAML.
"""
