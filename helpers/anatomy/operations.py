"""The operations of TensorFlow that do more than compute, and what they do."""

from tensorflow.core.framework import node_def_pb2

CALLS_PYTHON, WRITES = "calls Python", "writes files"
_DOES = {
    CALLS_PYTHON: "PyFunc PyFuncStateless EagerPyFunc",
    WRITES: "WriteFile Save SaveSlices SaveV2 MergeV2Checkpoints SaveDataset SaveDatasetV2 "
    "DatasetToTFRecord CreateSummaryFileWriter CreateSummaryDbWriter SnapshotDataset SnapshotDatasetV2 "
    "CacheDataset CacheDatasetV2 DebugIdentity DebugIdentityV2 DebugIdentityV3",
    "reads files": "ReadFile MatchingFiles MatchingFilesDataset Restore RestoreSlice RestoreV2 LoadDataset "
    "ImmutableConst LoadAndRemapMatrix GenerateVocabRemapping WholeFileReader WholeFileReaderV2 "
    "TextLineReader TextLineReaderV2 TextLineDataset TFRecordReader TFRecordReaderV2 TFRecordDataset "
    "TFRecordDatasetV2 FixedLengthRecordReader FixedLengthRecordReaderV2 FixedLengthRecordDataset "
    "FixedLengthRecordDatasetV2 LMDBReader LMDBDataset SqlDataset InitializeTableFromTextFile "
    "InitializeTableFromTextFileV2",
    "prints": "Print PrintV2",
    "reaches other machines": "RpcCall RpcClient RpcServer RpcServerRegister RpcServerStart RegisterDataset "
    "RegisterDatasetV2 DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3 DataServiceDatasetV4",
}
DOES = {operation: does for does, operations in _DOES.items() for operation in operations.split()}
OWN_SAVER = {
    "SaveV2",
    "RestoreV2",
    "MergeV2Checkpoints",
}  # every SavedModel has them, to save and restore itself
TABLES = {"HashTable", "HashTableV2", "MutableHashTable", "MutableHashTableV2"}


def does(node: node_def_pb2.NodeDef) -> str:
    """What an operation does besides computing, empty for nothing."""
    if node.op == "PrintV2" and node.attr["output_stream"].s.startswith(b"file:"):
        return WRITES
    return DOES.get(node.op, "")
