// A package of a driver, from a file of the administrator's.
import { FileUpload, FormGroup, FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core'
import { useState } from 'react'
import { useChange } from '../engine/use-change.ts'
import { FormDialog } from '../form/form-dialog.tsx'
import { text } from '../text/drivers.ts'
import { driverKinds, uploadPackage } from './driver-requests.ts'

export function UploadDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File>()
  const upload = useChange(uploadPackage, { kinds: driverKinds, done: onClose })
  return (
    <FormDialog
      title={text.upload}
      verb={text.uploadVerb}
      isBusy={upload.isPending}
      error={upload.error}
      whyNot={file ? undefined : text.fileNeeded}
      onSubmit={() => file && upload.mutate(file)}
      onClose={onClose}
    >
      <FormGroup label={text.file} fieldId="package" isRequired>
        <FileUpload
          id="package"
          hideDefaultPreview
          filename={file?.name ?? ''}
          onFileInputChange={(_event, chosen) => setFile(chosen)}
          onClearClick={() => setFile(undefined)}
        />
        <FormHelperText>
          <HelperText>
            <HelperTextItem>{text.fileHelp}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
    </FormDialog>
  )
}
